// What a failed call leaves in its outputs (rule R1), and which plug-ins cannot be opened together
// (rule R12).
#include <array>
#include <cstdlib>
#include <functional>

#include "tests/capi/capi_fixture.h"

namespace bhashatts::testing {
namespace {

using RuleR1Outputs = CApiTest;
using RuleR12Contexts = CApiTest;
using PlugInNameTest = CApiTest;

// Runs call(&output) with an output that holds anything.
template <typename Handle>
struct Failing {
  const char* what;
  std::function<bhashatts_status(Handle**)> call;
};
template <typename Handle>
void expect_null(const std::vector<Failing<Handle>>& all) {
  for (const auto& [what, call] : all) {
    auto* output = reinterpret_cast<Handle*>(std::uintptr_t{0xDEAD});
    EXPECT_NE(call(&output), BHASHATTS_OK) << what;
    EXPECT_EQ(output, nullptr) << what;
  }
}

// All that have one, but the two `create`s, which fail only for want of memory.
TEST_F(RuleR1Outputs, AFailedCallLeavesANullHandleWhicheverItIs) {
  bhashatts_open_options shorter = BHASHATTS_OPEN_OPTIONS_INIT;
  shorter.struct_size = 8;
  bhashatts_open_options wrong = BHASHATTS_OPEN_OPTIONS_INIT;
  wrong.config = as<bhashatts_config>(&shorter);
  expect_null<bhashatts_engine>(
      {{"open", [&](auto** out) { return bhashatts_engine_open(&shorter, out); }},
       {"open", [&](auto** out) { return bhashatts_engine_open(&wrong, out); }}});
  expect_null<bhashatts_config>({{"config_from_environment", [](auto** out) {
                                    ::setenv("BHASHATTS_MAX_ATTEMPTS", "none", 1);
                                    const auto status = bhashatts_config_from_environment(out);
                                    ::unsetenv("BHASHATTS_MAX_ATTEMPTS");
                                    return status;
                                  }}});
  expect_null<bhashatts_speech>(
      {{"synthesize",
        [](auto** out) { return bhashatts_engine_synthesize(nullptr, nullptr, out); }},
       {"lookup", [](auto** out) { return bhashatts_engine_lookup(nullptr, nullptr, out); }},
       {"next", [](auto** out) { return bhashatts_stream_next(nullptr, out, nullptr); }}});
  expect_null<bhashatts_stream>(
      {{"stream", [](auto** out) { return bhashatts_engine_stream(nullptr, nullptr, out); }}});
  expect_null<bhashatts_timings>(
      {{"timings",
        [](auto** out) { return bhashatts_engine_timings(nullptr, nullptr, nullptr, out); }}});
  const bhashatts_text bad = c_text("\xff");
  expect_null<bhashatts_string>(
      {{"config_json", [](auto** out) { return bhashatts_config_json(nullptr, out); }},
       {"url", [](auto** out) { return bhashatts_engine_url(nullptr, nullptr, out); }},
       {"story_page_url",
        [](auto** out) { return bhashatts_engine_story_page_url(nullptr, {}, 1, {}, out); }},
       {"timings_json", [](auto** out) { return bhashatts_timings_json(nullptr, out); }},
       {"timings_webvtt", [](auto** out) { return bhashatts_timings_webvtt(nullptr, {}, out); }},
       {"prewarm", [](auto** out) { return bhashatts_engine_prewarm(nullptr, {}, nullptr, out); }},
       {"import", [](auto** out) { return bhashatts_engine_import(nullptr, {}, nullptr, out); }},
       {"status", [](auto** out) { return bhashatts_engine_status(nullptr, out); }},
       {"stats", [](auto** out) { return bhashatts_engine_stats(nullptr, out); }},
       {"verify", [](auto** out) { return bhashatts_engine_verify(nullptr, 0, out); }},
       {"config", [](auto** out) { return bhashatts_engine_config(nullptr, out); }},
       {"voices", [&](auto** out) { return bhashatts_voices(bad, out); }},
       {"spoken_text", [&](auto** out) { return bhashatts_spoken_text(bad, out); }}});
}

TEST_F(PlugInNameTest, TwoTiersOrTwoSinksOfOneNameAreRefused) {
  std::array<HostTier, 2> tiers;
  std::array<HostSink, 2> sinks;
  const std::array<bhashatts_cache_tier, 2> tier_parts{tiers[0].part(), tiers[1].part()};
  const std::array<bhashatts_event_sink, 2> sink_parts{sinks[0].part(), sinks[1].part()};
  const std::array<const bhashatts_cache_tier*, 2> two_tiers{&tier_parts[0], &tier_parts[1]};
  const std::array<const bhashatts_event_sink*, 2> two_sinks{&sink_parts[0], &sink_parts[1]};
  OwnedEngine engine;
  bhashatts_open_options given = options();
  given.tiers = two_tiers.data();
  given.tier_count = 2;
  EXPECT_EQ(bhashatts_engine_open(&given, engine.out()), BHASHATTS_BAD_REQUEST);
  EXPECT_NE(std::string(bhashatts_error_message()).find("shed"), std::string::npos);
  given = options();
  given.event_sinks = two_sinks.data();
  given.event_sink_count = 2;
  EXPECT_EQ(bhashatts_engine_open(&given, engine.out()), BHASHATTS_BAD_REQUEST);
  EXPECT_NE(std::string(bhashatts_error_message()).find("mirror"), std::string::npos);
  for (const HostTier& tier : tiers) EXPECT_EQ(tier.destroyed, 1);
  for (const HostSink& sink : sinks) EXPECT_EQ(sink.destroyed, 1);
}

TEST_F(RuleR12Contexts, OneThatIsListedTwiceIsRefusedAndGivenBackOnce) {
  HostVoice second;
  HostTier tier;
  bhashatts_open_options given = options();
  const bhashatts_synthesizer second_part = second.part();
  const std::array<const bhashatts_synthesizer*, 2> fallbacks{&second_part, &voice_part};
  const bhashatts_cache_tier tier_part = tier.part();
  const bhashatts_cache_tier* tiers = &tier_part;
  given.fallbacks = fallbacks.data();
  given.fallback_count = 2;
  given.tiers = &tiers;
  given.tier_count = 1;
  OwnedEngine engine;
  EXPECT_EQ(bhashatts_engine_open(&given, engine.out()), BHASHATTS_BAD_REQUEST);
  EXPECT_NE(std::string(bhashatts_error_message()).find("listed twice"), std::string::npos);
  for (const HostPart* one : std::initializer_list<HostPart*>{&voice, &second, &tier}) {
    EXPECT_EQ(one->destroyed, 1);
  }
}

// As where a host keeps both in one block of memory.
template <typename Part>
struct Block {
  Part part{};
  int destroyed = 0;
  const Part* fill(const Part& given) {
    part = given;
    part.context = this;
    part.destroy = [](void* context) {
      auto& block = *static_cast<Block*>(context);
      block.part = Part{};
      ++block.destroyed;
    };
    return &part;
  }
};

TEST_F(RuleR12Contexts, AStructMayGoWithItsContext) {
  HostTier tier;
  Block<bhashatts_synthesizer> whole;
  Block<bhashatts_synthesizer> broken;
  Block<bhashatts_cache_tier> last;
  bhashatts_synthesizer voice_like = voice.part();
  voice_like.identity = [](void*, bhashatts_reply* reply) {
    return bhashatts_reply_text(reply, c_text("host/block@1"));
  };
  voice_like.limits = [](void*, bhashatts_synthesizer_limits*) { return bhashatts_status{0}; };
  bhashatts_synthesizer without_limits = voice_like;
  without_limits.limits = nullptr;
  const bhashatts_synthesizer* fallbacks = broken.fill(without_limits);
  const bhashatts_cache_tier* tiers = last.fill(tier.part());
  bhashatts_open_options given = BHASHATTS_OPEN_OPTIONS_INIT;
  given.config = config.get();
  given.synthesizer = whole.fill(voice_like);
  given.fallbacks = &fallbacks;
  given.fallback_count = 1;
  given.tiers = &tiers;
  given.tier_count = 1;
  OwnedEngine engine;
  EXPECT_EQ(bhashatts_engine_open(&given, engine.out()), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(whole.destroyed, 1);
  EXPECT_EQ(broken.destroyed, 1);
  EXPECT_EQ(last.destroyed, 1);
}

// Nothing of it is given back, or it is nobody's.
TEST_F(RuleR12Contexts, WhatIsNotGivenBackMayBeListedTwice) {
  bhashatts_open_options given = options();
  voice_part.destroy = nullptr;
  bhashatts_synthesizer again = voice_part;
  again.identity = [](void*, bhashatts_reply* reply) {
    return bhashatts_reply_text(reply, c_text("host/again@1"));
  };
  const bhashatts_synthesizer* fallbacks = &again;
  given.fallbacks = &fallbacks;
  given.fallback_count = 1;
  EXPECT_EQ(say(open(given), kOther), BHASHATTS_OK);
  EXPECT_EQ(voice.destroyed, 0);
}

}  // namespace
}  // namespace bhashatts::testing
