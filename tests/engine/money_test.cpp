// What is counted and what is paid.
#include <limits>

#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

using catalog::AttemptState;

class MoneyTest : public EngineTest {
 protected:
  void give_priced_voice() {
    give_voice({.limits = {.concurrency = 4, .max_cost_micro_usd = 14'400},
                .cost_micro_usd = 600,
                .compute_ms = 5'000});
  }
  static std::int64_t requests(const Stats& stats, Origin origin) {
    return stats.requests[static_cast<std::size_t>(origin) - 1];
  }
};

TEST_F(MoneyTest, AnAttemptIsReservedBeforeAndSettledAfter) {
  give_priced_voice();
  TtsEngine engine = open();
  voice->hold();
  std::thread caller([&] { engine.synthesize({.text = kText}); });
  voice->await_calls(1);
  const auto catalog = look_into_catalog();
  const auto before = catalog->ledger(10);
  voice->release();
  caller.join();
  const auto after = catalog->ledger(10);
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].state, AttemptState::reserved);
  EXPECT_EQ(before[0].amount_micro_usd, 14'400);
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].state, AttemptState::settled);
  EXPECT_EQ(after[0].amount_micro_usd, 600);
  EXPECT_EQ(after[0].compute_ms, 5'000);
  EXPECT_EQ(after[0].outcome, "made");
}

TEST_F(MoneyTest, AFailedAttemptSettlesAtWhatItCost) {
  give_priced_voice();
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::upstream_failed, "502", true).costing(250));
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = kText}); }), ErrorCode::upstream_failed);
  const auto entries = look_into_catalog()->ledger(10);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].state, AttemptState::settled);
  EXPECT_EQ(entries[0].amount_micro_usd, 250);
  EXPECT_EQ(entries[0].outcome, "upstream_failed");
  EXPECT_EQ(engine.stats().total_cost_micro_usd, 250);
}

// A number without bounds would overflow the sums, and with them the budget.
TEST_F(MoneyTest, AnAbsurdCostIsAMillionDollarsAndSpendsTheBudget) {
  give_voice({.limits = {.concurrency = 1, .max_cost_micro_usd = 100},
              .cost_micro_usd = std::numeric_limits<std::int64_t>::max(),
              .compute_ms = std::numeric_limits<std::int64_t>::max()});
  config.budget_usd_month_micro = 1'000'000;
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = kOther}); }), ErrorCode::budget_exhausted);
  EXPECT_EQ(engine.stats().total_cost_micro_usd, 1'000'000'000'000);
  EXPECT_GT(engine.stats().avg_generation_time_ms, 0);
}

TEST_F(MoneyTest, BadAudioIsPaidForAndNotKept) {
  give_priced_voice();
  TtsEngine engine = open();
  voice->answer_next("<html>busy</html>");
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = kText}); }), ErrorCode::bad_audio);
  EXPECT_EQ(look_into_catalog()->ledger(10).at(0).outcome, "bad_audio");
  EXPECT_EQ(engine.stats().total_cost_micro_usd, 600);
  EXPECT_EQ(engine.stats().total_entries, 0);
}

TEST_F(MoneyTest, AFreeSynthesizerLeavesNoEntry) {
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  voice->fail_next(Error(ErrorCode::upstream_failed, "no"));
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = kOther}); }), ErrorCode::upstream_failed);
  EXPECT_TRUE(look_into_catalog()->ledger(10).empty());
  EXPECT_EQ(engine.stats().paid_attempts, 0);
}

TEST_F(MoneyTest, SavingsAreWhatTheHitsWouldHaveCost) {
  give_priced_voice();
  TtsEngine engine = open();
  EXPECT_EQ(engine.synthesize({.text = kText}).cost_micro_usd(), 600);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(engine.synthesize({.text = kText}).cost_micro_usd(), 0);
  const Stats stats = engine.stats();
  EXPECT_EQ(stats.total_cost_micro_usd, 600);
  EXPECT_EQ(stats.estimated_savings_micro_usd, 3 * 600);
  EXPECT_EQ(stats.paid_attempts, 1);
}

TEST_F(MoneyTest, StatsTellExactlyWhatHappened) {
  give_voice({.compute_ms = 40});
  const std::size_t made_bytes = open().synthesize({.text = kText}).audio().size();
  TtsEngine engine = open();
  engine.synthesize({.text = kText});                                // lmdb
  engine.synthesize({.text = kText});                                // memory
  engine.lookup({.text = kText});                                    // memory
  engine.lookup({.text = kOther});                                   // not there: no request
  engine.synthesize({.text = kOther});                               // synthesized
  engine.synthesize({.text = kOther, .format = AudioFormat::flac});  // blob
  voice->fail_next(Error(ErrorCode::upstream_failed, "no"));
  code_of([&] { engine.synthesize({.text = "तीसरा"}); });  // failed
  const Stats stats = engine.stats();
  EXPECT_EQ(requests(stats, Origin::synthesized), 2);
  EXPECT_EQ(requests(stats, Origin::lmdb), 1);
  EXPECT_EQ(requests(stats, Origin::memory), 2);
  EXPECT_EQ(requests(stats, Origin::blob), 1);
  EXPECT_EQ(requests(stats, Origin::joined), 0);
  EXPECT_EQ(stats.requests_failed, 1);
  EXPECT_EQ(stats.total_accesses, 4);
  EXPECT_EQ(stats.total_entries, 3);
  EXPECT_GT(stats.total_size_bytes, static_cast<std::int64_t>(2 * made_bytes));
  EXPECT_EQ(stats.utterances_synthesized, 2);
  EXPECT_EQ(stats.avg_generation_time_ms, 40);
}

TEST_F(MoneyTest, AnEmptyDirectoryCountsZeros) {
  const Stats stats = open().stats();
  EXPECT_EQ(stats.total_entries, 0);
  EXPECT_EQ(stats.avg_generation_time_ms, 0);
  EXPECT_EQ(stats.estimated_savings_micro_usd, 0);
  ASSERT_GE(stats.tiers.size(), 2U);
  EXPECT_EQ(stats.tiers[0].tier, "memory");
  EXPECT_EQ(stats.tiers[1].tier, "lmdb");
}

TEST_F(MoneyTest, CountersOutliveTheEngine) {
  {
    TtsEngine engine = open();
    for (int i = 0; i < 5; ++i) engine.synthesize({.text = kText});
  }
  const Stats stats = open().stats();
  EXPECT_EQ(requests(stats, Origin::synthesized), 1);
  EXPECT_EQ(requests(stats, Origin::memory), 4);
  const auto entry = look_into_catalog()->speech(open().synthesize({.text = kText}).cache_key());
  EXPECT_EQ(entry->record.access_count, 4);
}

TEST_F(MoneyTest, ADamagedMasterThatHealsIsNotCountedTwice) {
  TtsEngine engine = open();
  engine.synthesize({.text = kText, .story_id = "moon", .page_number = 1});
  for (const auto& file : std::filesystem::recursive_directory_iterator(data("blobs"))) {
    if (file.path().extension() == ".flac") std::filesystem::remove(file.path());
  }
  engine.verify(true);
  EXPECT_EQ(engine.stats().utterances_synthesized, 1);
}

}  // namespace
}  // namespace bhashatts::testing
