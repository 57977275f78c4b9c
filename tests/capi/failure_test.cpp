// What a host's plug-ins may fail with, cost and say, by the table in c_plugins.h: rules R2 and R7
// at the seams. A number, an amount or a byte that means something to the engine must not come from
// a plug-in that means something else by it.
#include <array>
#include <cstdint>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "tests/capi/capi_fixture.h"

namespace bhashatts::testing {
namespace {

using Request = bhashatts_synthesis_request;

constexpr std::int64_t kMillionDollars = 1'000'000'000'000;
constexpr std::int64_t kEndless = std::numeric_limits<std::int64_t>::max();
constexpr std::array<bhashatts_status, 39> kAll{0,   100, 101, 102, 103, 104, 105, 200, 201, 202,
                                                203, 204, 205, 206, 207, 208, 209, 300, 400, 401,
                                                402, 403, 404, 405, 406, 407, 408, 409, 410, 411,
                                                500, 501, 600, 601, 602, 603, 604, 605, 606};

bool message_has(const std::string& what) {
  return std::string(bhashatts_error_message()).find(what) != std::string::npos;
}

class PlugInFailureTest : public CApiTest {
 protected:
  PlugInFailureTest() {
    voice.synthesize = [this](const Request*, bhashatts_reply*) { return fails_with; };
  }
  // `given` or plugin_failed with a message that names it.
  static void expect_only(bool allowed, bhashatts_status given, bhashatts_status seen) {
    EXPECT_EQ(seen, allowed ? given : BHASHATTS_PLUGIN_FAILED) << given;
    EXPECT_TRUE(allowed || message_has(std::to_string(given))) << bhashatts_error_message();
  }

  bhashatts_status fails_with = BHASHATTS_UPSTREAM_FAILED;
};
using RuleR2AtTheSeams = PlugInFailureTest;
using RuleR7OfPlugIns = PlugInFailureTest;
using PlugInAmountTest = CApiTest;

TEST_F(PlugInFailureTest, AVoiceFailsByItselfOrForMoneyAndElseAsAPlugIn) {
  const OwnedEngine engine = open();
  for (const bhashatts_status given : kAll) {
    if (given == BHASHATTS_OK) continue;
    fails_with = given;
    const bool its_own = given == 101 || given == 105 || given / 100 == 4 || given / 100 == 5;
    expect_only(its_own, given, say(engine, kOther));
  }
}

// 300 is the end of a stream: who hears one must have heard all of the page.
TEST_F(PlugInFailureTest, AVoiceThatFindsNothingDoesNotEndAStream) {
  voice.synthesize = [](const Request* request, bhashatts_reply* reply) {
    const bool is_first = kText.starts_with(view(request->text).substr(0, 12));
    return is_first ? HostVoice::speak(request, reply) : bhashatts_status{BHASHATTS_NOT_FOUND};
  };
  const OwnedEngine engine = open();
  const bhashatts_request request = request_for(kText);
  OwnedStream stream;
  ASSERT_EQ(bhashatts_engine_stream(engine.get(), &request, stream.out()), BHASHATTS_OK);
  OwnedSpeech speech;
  EXPECT_EQ(bhashatts_stream_next(stream.get(), speech.out(), nullptr), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_stream_next(stream.get(), speech.out(), nullptr), BHASHATTS_PLUGIN_FAILED);
  EXPECT_TRUE(message_has("300")) << bhashatts_error_message();
}

TEST_F(PlugInFailureTest, AVoiceIsCancelledOnceItIsToStop) {
  std::atomic<bool> begun{false};
  voice.synthesize = [&](const Request* request, bhashatts_reply*) {
    begun = true;
    begun.notify_all();
    while (bhashatts_stop_requested(request->stop) == 0) std::this_thread::yield();
    return bhashatts_status{BHASHATTS_CANCELLED};
  };
  const OwnedEngine engine = open();
  std::thread caller([&] {
    const bhashatts_status status = say(engine, kOther);
    EXPECT_TRUE(status == BHASHATTS_CLOSED || status == BHASHATTS_CANCELLED) << status;
  });
  begun.wait(false);
  EXPECT_EQ(bhashatts_engine_close(engine.get(), 0), BHASHATTS_OK);
  caller.join();
}

TEST_F(PlugInFailureTest, AStoreFailsAsStorageAndElseAsAPlugIn) {
  static bhashatts_status given;
  HostStore store;
  bhashatts_open_options given_options = options();
  bhashatts_blob_store part = store.part();
  part.url = [](void*, bhashatts_text, bhashatts_reply*) { return given; };
  given_options.blob_store = &part;
  voice.synthesize = &HostVoice::speak;
  const OwnedEngine engine = open(given_options);
  bhashatts_request request = request_for(kOther);
  request.story_id = c_text("moon");
  request.page_number = 1;
  OwnedSpeech speech;
  ASSERT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()), BHASHATTS_OK);
  ASSERT_EQ(bhashatts_engine_flush(engine.get()), BHASHATTS_OK);
  for (const bhashatts_status one : kAll) {
    if (one == BHASHATTS_OK) continue;
    given = one;
    const bool its_own = one == 101 || one == 105 || one / 100 == 6;
    OwnedString url;
    expect_only(its_own, one, bhashatts_engine_url(engine.get(), speech.get(), url.out()));
  }
}

TEST_F(PlugInFailureTest, ATierFailsAsStorageAndElseAsAPlugIn) {
  HostTier tier;
  bhashatts_open_options given_options = options();
  const bhashatts_cache_tier part = tier.part();
  const bhashatts_cache_tier* tiers = &part;
  given_options.tiers = &tiers;
  given_options.tier_count = 1;
  const OwnedEngine engine = open(given_options);
  for (const bhashatts_status given : kAll) {
    if (given == BHASHATTS_OK) continue;
    tier.trouble = [&] { return given; };
    const bool its_own = given == 101 || given == 105 || given / 100 == 6;
    expect_only(its_own, given, bhashatts_engine_clear(engine.get(), nullptr, nullptr));
  }
}

// The tier of another engine, asked by a voice of this one, on its thread.
TEST_F(RuleR2AtTheSeams, WhatAMemberSaysIsItsOwn) {
  HostTier tier;
  tier.trouble = [] {
    return bhashatts_fail(BHASHATTS_UNREACHABLE, c_text("the tier is away"), 1, 9, 5'000'000);
  };
  HostVoice inner_voice;
  bhashatts_open_options inner = options();
  const bhashatts_synthesizer inner_part = inner_voice.part();
  const bhashatts_cache_tier part = tier.part();
  const bhashatts_cache_tier* tiers = &part;
  inner.synthesizer = &inner_part;
  inner.tiers = &tiers;
  inner.tier_count = 1;
  const OwnedEngine other = open(inner);
  set("data_dir", (dir / "outer").string());
  bool says = false;
  voice.synthesize = [&](const Request*, bhashatts_reply*) {
    if (says) bhashatts_fail(BHASHATTS_STORAGE_FAILED, c_text("no"), 1, 0, 3);
    if (says) bhashatts_fail(BHASHATTS_UNREACHABLE, c_text("my own reason"), 1, 0, 7);
    EXPECT_EQ(say(other, kText), BHASHATTS_OK);
    return bhashatts_status{BHASHATTS_UNREACHABLE};
  };
  const OwnedEngine engine = open();
  EXPECT_EQ(say(engine, kOther), BHASHATTS_UNREACHABLE);
  EXPECT_TRUE(message_has("failed: unreachable")) << bhashatts_error_message();
  EXPECT_EQ(bhashatts_error_cost(), 0);
  says = true;
  EXPECT_EQ(say(engine, kOther), BHASHATTS_UNREACHABLE);
  EXPECT_STREQ(bhashatts_error_message(), "my own reason");
  EXPECT_EQ(bhashatts_error_cost(), 7);
}

// ---- Amounts ----------------------------------------------------------------------------------

TEST_F(PlugInAmountTest, CostsBeyondAMillionDollarsAreRefusedAsAWhole) {
  voice.limits.max_cost_micro_usd = 100;
  voice.synthesize = [](const Request* request, bhashatts_reply* reply) {
    const auto costs = [&](std::int64_t ms, std::int64_t micro_usd) {
      bhashatts_synthesis_costs given = BHASHATTS_SYNTHESIS_COSTS_INIT;
      given.compute_ms = ms;
      given.cost_micro_usd = micro_usd;
      return bhashatts_reply_costs(reply, &given);
    };
    EXPECT_EQ(costs(1'000'000'000, kMillionDollars), BHASHATTS_OK);
    EXPECT_EQ(costs(9, 11), BHASHATTS_OK) << "the last one counts";
    EXPECT_EQ(costs(7, kMillionDollars + 1), BHASHATTS_BAD_REQUEST);
    EXPECT_EQ(costs(7, kEndless), BHASHATTS_BAD_REQUEST);
    EXPECT_EQ(costs(7, -1), BHASHATTS_BAD_REQUEST);
    EXPECT_EQ(costs(1'000'000'001, 7), BHASHATTS_BAD_REQUEST);
    EXPECT_EQ(costs(-1, 7), BHASHATTS_BAD_REQUEST);
    return HostVoice::speak(request, reply);
  };
  OwnedSpeech speech;
  ASSERT_EQ(say(open(), kOther, speech), BHASHATTS_OK);
  EXPECT_EQ(info_of(speech).cost_micro_usd, 11);
  EXPECT_EQ(info_of(speech).generation_time_ms, 9);
}

TEST_F(PlugInAmountTest, AFailureCostsAtMostAMillionDollarsAndABudgetHolds) {
  set("budget_usd_month", "1");
  voice.limits.max_cost_micro_usd = 100;
  voice.synthesize = [](const Request*, bhashatts_reply*) {
    return bhashatts_fail(BHASHATTS_UPSTREAM_REJECTED, c_text("no"), 0, kEndless, kEndless);
  };
  const OwnedEngine engine = open();
  EXPECT_EQ(say(engine, kOther), BHASHATTS_UPSTREAM_REJECTED);
  EXPECT_EQ(bhashatts_error_cost(), kMillionDollars);
  EXPECT_EQ(bhashatts_error_retry_after_ms(), 86'400'000);
  EXPECT_EQ(say(engine, kText), BHASHATTS_BUDGET_EXHAUSTED);
  EXPECT_EQ(voice.calls, 1);
}

TEST_F(PlugInAmountTest, LimitsBeyondAMillionDollarsAreRefused) {
  OwnedEngine engine;
  for (const std::int64_t most : {std::int64_t{-1}, kMillionDollars + 1, kEndless}) {
    voice.limits.max_cost_micro_usd = most;
    const bhashatts_open_options given = options();
    EXPECT_EQ(bhashatts_engine_open(&given, engine.out()), BHASHATTS_BAD_REQUEST) << most;
  }
  voice.limits.max_cost_micro_usd = kMillionDollars;
  EXPECT_NE(open().get(), nullptr);
}

TEST_F(PlugInAmountTest, EntriesThatNoTierHoldsDoNotOverflow) {
  std::array<HostTier, 2> tiers;
  std::array<bhashatts_cache_tier, 2> parts{tiers[0].part(), tiers[1].part()};
  parts[1].name = c_text("barn");
  const std::array<const bhashatts_cache_tier*, 2> list{&parts[0], &parts[1]};
  for (bhashatts_cache_tier& part : parts) {
    part.clear = [](void*, bhashatts_text, std::int32_t, std::int64_t* entries) {
      *entries = kEndless;
      return bhashatts_status{BHASHATTS_OK};
    };
  }
  bhashatts_open_options given = options();
  given.tiers = list.data();
  given.tier_count = list.size();
  const OwnedEngine engine = open(given);
  bhashatts_clear_report report = BHASHATTS_CLEAR_REPORT_INIT;
  ASSERT_EQ(bhashatts_engine_clear(engine.get(), nullptr, &report), BHASHATTS_OK);
  EXPECT_EQ(report.cache_entries, 2 * kMillionDollars);
}

TEST_F(PlugInAmountTest, MoreBytesThanThereIsMemoryAreRefused) {
  static int released;
  released = 0;
  voice.synthesize = [](const Request* request, bhashatts_reply* reply) {
    const auto release = [](void*) { ++released; };
    for (const std::size_t size : {SIZE_MAX, SIZE_MAX / 2 + 1}) {
      EXPECT_EQ(bhashatts_reply_bytes(reply, "a", size), BHASHATTS_BAD_REQUEST);
      EXPECT_EQ(bhashatts_reply_owned_bytes(reply, "a", size, release, nullptr),
                BHASHATTS_BAD_REQUEST);
    }
    return HostVoice::speak(request, reply);
  };
  EXPECT_EQ(say(open(), kOther), BHASHATTS_OK);
  EXPECT_EQ(released, 2);
}

// ---- Words ------------------------------------------------------------------------------------

class Lines {
 public:
  Lines() {
    const auto write = [](void* context, bhashatts_log_level, bhashatts_text,
                          bhashatts_text message) {
      auto& lines = *static_cast<Lines*>(context);
      const std::lock_guard lock(lines.mutex_);
      lines.all_ += view(message);
    };
    EXPECT_EQ(bhashatts_set_log(write, BHASHATTS_LOG_DEBUG, this, nullptr), BHASHATTS_OK);
  }
  ~Lines() { bhashatts_set_log(nullptr, BHASHATTS_LOG_ERROR, nullptr, nullptr); }
  bool have(const std::string& what) {
    const std::lock_guard lock(mutex_);
    return all_.find(what) != std::string::npos;
  }

 private:
  std::mutex mutex_;
  std::string all_;
};

TEST_F(RuleR7OfPlugIns, WhatAMemberSaysBecomesOneLineOfUtf8) {
  Lines lines;
  std::string said;
  voice.synthesize = [&](const Request*, bhashatts_reply*) {
    return bhashatts_fail(BHASHATTS_UPSTREAM_REJECTED, c_text(said), 0, 0, 0);
  };
  const OwnedEngine engine = open();
  const std::vector<std::pair<std::string, std::string>> cases{
      {"caf\xe9!\nINFO a forged line", "caf\uFFFD! INFO a forged line"},
      {"राम\r\n\x1b[2J\x7f\xc2\x85.", "राम   [2J  ."},
      {"\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe0\xa4",
       "\uFFFD\uFFFD \uFFFD\uFFFD\uFFFD "
       "\uFFFD\uFFFD\uFFFD\uFFFD \uFFFD\uFFFD"},
      {std::string("a\0b", 3), "a b"},
      {"é ᳵ 𑍐 \uFFFD", "é ᳵ 𑍐 \uFFFD"}};
  for (const auto& [given, line] : cases) {
    said = given;
    EXPECT_EQ(say(engine, kOther), BHASHATTS_UPSTREAM_REJECTED);
    EXPECT_EQ(bhashatts_error_message(), line);
    EXPECT_TRUE(lines.have(line)) << line;
  }
  for (const char* raw : {"\xe9!", "\nINFO", "\x1b", "\xc2\x85"}) EXPECT_FALSE(lines.have(raw));
}

TEST_F(RuleR7OfPlugIns, SoDoesWhatItThrows) {
  Lines lines;
  voice.synthesize = [](const Request*, bhashatts_reply*) -> bhashatts_status {
    throw std::runtime_error("caf\xe9!\nINFO a forged line");
  };
  EXPECT_EQ(say(open(), kOther), BHASHATTS_PLUGIN_FAILED);
  EXPECT_TRUE(message_has("raised: caf\uFFFD! INFO a forged line")) << bhashatts_error_message();
  EXPECT_TRUE(lines.have("caf\uFFFD! INFO a forged line"));
  EXPECT_FALSE(lines.have("\xe9!"));
}

}  // namespace
}  // namespace bhashatts::testing
