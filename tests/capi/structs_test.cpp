// Structs that grow: rule R9. There is one version of each yet; what an older or a newer caller
// does is tried with sizes below and above it.
#include <array>
#include <cstring>
#include <memory>

#include "tests/capi/capi_fixture.h"

namespace bhashatts::testing {
namespace {

constexpr std::size_t kBehind = 64;  // bytes behind the struct that nobody may touch
constexpr std::byte kCanary{0xA5};

// A struct in a caller's memory, with a canary behind it.
template <typename Struct>
class Framed {
 public:
  explicit Framed(const Struct& value, std::size_t size = sizeof(Struct)) : size_(size) {
    bytes_.fill(kCanary);
    std::memcpy(bytes_.data(), &value, sizeof(Struct));
    std::memcpy(bytes_.data(), &size, sizeof size);
  }
  Struct* get() { return reinterpret_cast<Struct*>(bytes_.data()); }
  // Also that struct_size is still the caller's.
  bool is_whole() const {
    std::size_t size = 0;
    std::memcpy(&size, bytes_.data(), sizeof size);
    const auto behind = bytes_.begin() + sizeof(Struct);
    return size == size_ &&
           std::all_of(behind, bytes_.end(), [](std::byte byte) { return byte == kCanary; });
  }

 private:
  std::size_t size_;
  alignas(std::max_align_t) std::array<std::byte, sizeof(Struct) + kBehind> bytes_;
};

class RuleR9Structs : public CApiTest {
 protected:
  // Calls with each size: refused below the first version's, taken from there on, also where the
  // caller knows more than we do.
  template <typename Struct, typename Call>
  void try_sizes(const Struct& init, std::size_t first, const Call& call) {
    EXPECT_EQ(init.struct_size, sizeof(Struct)) << "the INIT macro says the size";
    EXPECT_EQ(first, sizeof(Struct)) << "a second version: try the first one's size too";
    for (const std::size_t size : {std::size_t{0}, std::size_t{8}, first - 1}) {
      Framed<Struct> framed(init, size);
      EXPECT_EQ(call(framed.get()), BHASHATTS_BAD_REQUEST) << size;
      EXPECT_NE(std::string(bhashatts_error_message()).find("struct_size"), std::string::npos);
      EXPECT_TRUE(framed.is_whole()) << size;
    }
    for (const std::size_t size : {first, sizeof(Struct) + 8, sizeof(Struct) + kBehind}) {
      Framed<Struct> framed(init, size);
      EXPECT_EQ(call(framed.get()), BHASHATTS_OK) << size << bhashatts_error_message();
      EXPECT_TRUE(framed.is_whole()) << size;
    }
  }

  OwnedEngine engine = open();
};

TEST_F(RuleR9Structs, Request) {
  try_sizes(request_for(kText), 120, [&](const bhashatts_request* request) {
    OwnedSpeech speech;
    return bhashatts_engine_synthesize(engine.get(), request, speech.out());
  });
}

TEST_F(RuleR9Structs, OpenOptions) {
  bhashatts_open_options init = BHASHATTS_OPEN_OPTIONS_INIT;
  init.config = config.get();
  try_sizes(init, 80, [](const bhashatts_open_options* options) {
    OwnedEngine another;
    return bhashatts_engine_open(options, another.out());
  });
}

TEST_F(RuleR9Structs, SpeechInfo) {
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  const bhashatts_speech_info init = BHASHATTS_SPEECH_INFO_INIT;
  try_sizes(init, 160, [&](bhashatts_speech_info* info) {
    const bhashatts_status status = bhashatts_speech_get_info(speech.get(), info);
    EXPECT_EQ(status == BHASHATTS_OK, info->duration_ms > 0);
    return status;
  });
}

TEST_F(RuleR9Structs, StreamPlace) {
  const bhashatts_stream_place init = BHASHATTS_STREAM_PLACE_INIT;
  try_sizes(init, 32, [&](bhashatts_stream_place* place) {
    const bhashatts_request request = request_for(kText);
    OwnedStream stream;
    EXPECT_EQ(bhashatts_engine_stream(engine.get(), &request, stream.out()), BHASHATTS_OK);
    OwnedSpeech speech;
    const bhashatts_status status = bhashatts_stream_next(stream.get(), speech.out(), place);
    EXPECT_EQ(place->count, status == BHASHATTS_OK ? 2U : 0U);
    return status;
  });
}

TEST_F(RuleR9Structs, Timing) {
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  const bhashatts_request request = request_for(kText);
  OwnedTimings timings;
  ASSERT_EQ(bhashatts_engine_timings(engine.get(), &request, speech.get(), timings.out()), 0);
  const bhashatts_timing init = BHASHATTS_TIMING_INIT;
  try_sizes(init, 40, [&](bhashatts_timing* timing) {
    return bhashatts_timings_get(timings.get(), BHASHATTS_WORDS, 0, timing);
  });
}

TEST_F(RuleR9Structs, PrewarmOptions) {
  const bhashatts_prewarm_options init = BHASHATTS_PREWARM_OPTIONS_INIT;
  EXPECT_EQ(init.limit, -1);
  try_sizes(init, 104, [&](const bhashatts_prewarm_options* options) {
    OwnedString report;
    return bhashatts_engine_prewarm(engine.get(), {nullptr, 0}, options, report.out());
  });
}

TEST_F(RuleR9Structs, ImportOptions) {
  bhashatts_import_options init = BHASHATTS_IMPORT_OPTIONS_INIT;
  EXPECT_EQ(init.limit, -1);
  init.directory = c_text("/dev");
  try_sizes(init, 104, [&](const bhashatts_import_options* options) {
    OwnedString report;
    return bhashatts_engine_import(engine.get(), c_text("/dev/null"), options, report.out());
  });
}

TEST_F(RuleR9Structs, ReportsOfTidyingUp) {
  const bhashatts_forget_report forget = BHASHATTS_FORGET_REPORT_INIT;
  try_sizes(forget, 32, [&](bhashatts_forget_report* report) {
    return bhashatts_engine_forget_text(engine.get(), c_text(kText), report);
  });
  const bhashatts_clear_report clear = BHASHATTS_CLEAR_REPORT_INIT;
  try_sizes(clear, 32, [&](bhashatts_clear_report* report) {
    return bhashatts_engine_clear(engine.get(), nullptr, report);
  });
  const bhashatts_clear_options options = BHASHATTS_CLEAR_OPTIONS_INIT;
  try_sizes(options, 32, [&](const bhashatts_clear_options* given) {
    return bhashatts_engine_clear(engine.get(), given, nullptr);
  });
}

// Refused before anything is done: the take is still there.
TEST_F(RuleR9Structs, RejectReport) {
  const bhashatts_reject_report init = BHASHATTS_REJECT_REPORT_INIT;
  ASSERT_EQ(say(engine, kText), BHASHATTS_OK);
  const bhashatts_request request = request_for(kText);
  Framed<bhashatts_reject_report> framed(init, 55);
  EXPECT_EQ(bhashatts_engine_reject(engine.get(), &request, framed.get()), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(origin_of(engine, kText), BHASHATTS_FROM_MEMORY);
  for (const std::size_t size : {sizeof init, sizeof init + 8}) {
    Framed<bhashatts_reject_report> report(init, size);
    const bhashatts_request other = request_for(kOther);
    ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
    EXPECT_EQ(bhashatts_engine_reject(engine.get(), &other, report.get()), BHASHATTS_OK);
    EXPECT_TRUE(report.is_whole());
    EXPECT_EQ(std::strlen(report.get()->rejected), 32U);
  }
}

TEST_F(RuleR9Structs, SynthesisCosts) {
  const bhashatts_synthesis_costs init = BHASHATTS_SYNTHESIS_COSTS_INIT;
  voice.synthesize = [&](const bhashatts_synthesis_request* request, bhashatts_reply* reply) {
    EXPECT_EQ(request->struct_size, sizeof *request);
    try_sizes(init, 56, [&](const bhashatts_synthesis_costs* costs) {
      return bhashatts_reply_costs(reply, costs);
    });
    return HostVoice::speak(request, reply);
  };
  EXPECT_EQ(say(engine, kOther), BHASHATTS_OK);
}

// Of the plug-ins too; and what was given is given back each time.
TEST_F(RuleR9Structs, PlugIns) {
  HostTier tier;
  HostStore store;
  HostSink sink;
  int opened = 0;
  const auto open_with = [&](const auto& change) {
    ++opened;
    bhashatts_open_options given = options();
    change(given);
    OwnedEngine another;
    return bhashatts_engine_open(&given, another.out());
  };
  using Options = bhashatts_open_options;
  try_sizes(voice.part(), 56, [&](const bhashatts_synthesizer* part) {
    return open_with([&](Options& given) { given.synthesizer = part; });
  });
  try_sizes(tier.part(), 72, [&](const bhashatts_cache_tier* part) {
    return open_with([&](Options& given) { given.tiers = &part, given.tier_count = 1; });
  });
  try_sizes(store.part(), 80, [&](const bhashatts_blob_store* part) {
    return open_with([&](Options& given) { given.blob_store = part; });
  });
  try_sizes(sink.part(), 48, [&](const bhashatts_event_sink* part) {
    return open_with(
        [&](Options& given) { given.event_sinks = &part, given.event_sink_count = 1; });
  });
  // Of each six calls two were too short to have a destroy.
  EXPECT_EQ(tier.destroyed, 4);
  EXPECT_EQ(store.destroyed, 4);
  EXPECT_EQ(sink.destroyed, 4);
  EXPECT_EQ(voice.destroyed, opened - 2);
}

// What an older caller does not have takes its default; made up here, for there is none yet: fields
// behind the given size are not read.
TEST_F(RuleR9Structs, WhatLiesBehindTheSizeIsNotRead) {
  Framed<bhashatts_request> framed(request_for(kText), sizeof(bhashatts_request));
  OwnedSpeech speech;
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), framed.get(), speech.out()), BHASHATTS_OK);
  auto heap = std::make_unique<bhashatts_request>(request_for(kText));  // ASan watches its end
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), heap.get(), speech.out()), BHASHATTS_OK);
}

}  // namespace
}  // namespace bhashatts::testing
