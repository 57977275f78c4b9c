// One utterance's attempts, on a clock that only moves when somebody waits.
#include "engine/attempts.h"

#include "bhashatts/text.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/fake_waiter.h"

namespace bhashatts::testing {
namespace {

using engine::Attempts;
using engine::AttemptTerms;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Waits = std::vector<milliseconds>;

constexpr std::int64_t kBound = 1'000;  // micro-dollars
constexpr std::int64_t kCost = 400;

class AttemptsTest : public ::testing::Test {
 protected:
  AttemptsTest() {
    set_log_sink([](LogLevel, std::string_view, std::string_view) {});  // failures are on purpose
    fake = std::make_shared<FakeSynthesizer>(FakeVoice{
        .limits = {.concurrency = 1, .max_cost_micro_usd = kBound}, .cost_micro_usd = kCost});
    voice.synthesizer = fake;
    voice.identity = fake->identity();
    plan.language = find_language("HINDI");
    plan.voice_style = find_voice_style("storyteller");
    plan.text = kText;
    utterance.text = plan.text;
  }
  ~AttemptsTest() override { set_log_sink({}); }

  // ok, or the code of what was raised.
  ErrorCode run(AttemptTerms terms = {}, std::int64_t month_budget = 0) {
    engine::Gate gate(*catalog);
    Attempts attempts({*catalog, month_budget}, gate, terms, waiter);
    return code_of([&] {
      attempts.run(voice, plan, utterance, {});  // settles when it is let go
    });
  }
  std::int64_t paid() { return catalog->totals().paid_micro_usd; }
  std::size_t entries() { return catalog->ledger(100).size(); }

  TempDir dir;
  std::unique_ptr<catalog::Catalog> catalog =
      catalog::Catalog::open({.directory = dir / "catalog", .map_bytes = 1 << 26});
  FakeWaiter waiter;
  std::shared_ptr<FakeSynthesizer> fake;
  engine::Voice voice;
  engine::Plan plan;
  engine::Utterance utterance{};
};

TEST_F(AttemptsTest, AFailureThatMayPassIsTriedAgainWhenTheUpstreamSays) {
  fake->fail_next(Error(ErrorCode::rate_limited, "later", true, seconds(7)));
  EXPECT_EQ(run(), ErrorCode::ok);
  EXPECT_EQ(fake->calls(), 2);
  EXPECT_EQ(waiter.waits, Waits{seconds(7)});
  EXPECT_EQ(entries(), 2U);
  EXPECT_EQ(paid(), kCost);
}

TEST_F(AttemptsTest, NoWaitFollowsTheLastOne) {
  fake->fail_next(Error(ErrorCode::rate_limited, "later", true, seconds(7)), 5);
  EXPECT_EQ(run(), ErrorCode::rate_limited);
  EXPECT_EQ(fake->calls(), 3);
  EXPECT_EQ(waiter.waits, (Waits{seconds(7), seconds(7)}));
  EXPECT_EQ(entries(), 3U);
  EXPECT_EQ(paid(), 0);
}

TEST_F(AttemptsTest, WhatWillNotPassIsTriedOnce) {
  for (const ErrorCode code : {ErrorCode::unauthorized, ErrorCode::credits_exhausted,
                               ErrorCode::upstream_rejected, ErrorCode::endpoint_paused}) {
    const int before = fake->calls();
    fake->fail_next(Error(code, "no"));
    EXPECT_EQ(run(), code);
    EXPECT_EQ(fake->calls(), before + 1);
  }
  EXPECT_EQ(waiter.waits, Waits{});
}

TEST_F(AttemptsTest, NoWaitReachesTheDeadline) {
  fake->fail_next(Error(ErrorCode::model_loading, "soon", true, seconds(30)), 5);
  EXPECT_EQ(run({.retry = {.max_attempts = 9}, .total = seconds(70)}), ErrorCode::model_loading);
  EXPECT_EQ(waiter.waits, (Waits{seconds(30), seconds(30)}));
  EXPECT_EQ(fake->calls(), 3);
}

TEST_F(AttemptsTest, WhatTheGateRefusesIsPaidForAndMadeAgainAtOnce) {
  fake->answer_next("<html>busy</html>");
  EXPECT_EQ(run(), ErrorCode::ok);
  EXPECT_EQ(fake->calls(), 2);
  EXPECT_EQ(paid(), 2 * kCost);
  for (const milliseconds wait : waiter.waits) EXPECT_EQ(wait, milliseconds(0));
}

TEST_F(AttemptsTest, WhatTheGateAlwaysRefusesIsNotMadeForEver) {
  for (int i = 0; i < 9; ++i) fake->answer_next("<html>busy</html>");
  EXPECT_EQ(run(), ErrorCode::bad_audio);
  EXPECT_EQ(fake->calls(), 3);
  EXPECT_EQ(paid(), 3 * kCost);
  EXPECT_EQ(catalog->ledger(1).at(0).outcome, "bad_audio");
}

TEST_F(AttemptsTest, ATimeoutIsRepeatedOnlyWhereThatIsWanted) {
  const Error timeout = Error(ErrorCode::upstream_timeout, "too long", true).costing(900);
  fake->fail_next(timeout);
  EXPECT_EQ(run({.retry = {.repeat_timeouts = false}}), ErrorCode::upstream_timeout);
  EXPECT_EQ(fake->calls(), 1);
  EXPECT_EQ(paid(), 900);
  fake->fail_next(timeout);
  EXPECT_EQ(run(), ErrorCode::ok);
  EXPECT_EQ(paid(), 900 + 900 + kCost);
}

TEST_F(AttemptsTest, TheBudgetIsAskedBeforeEachOne) {
  fake->fail_next(Error(ErrorCode::upstream_failed, "502", true).costing(700), 5);
  EXPECT_EQ(run({.retry = {.max_attempts = 9}}, 1'500), ErrorCode::budget_exhausted);
  EXPECT_EQ(fake->calls(), 1);  // 700 spent: another might come to 1,700
  EXPECT_EQ(paid(), 700);
}

class BreakerTest : public AttemptsTest {
 protected:
  BreakerTest() { voice.breaker = std::make_unique<net::Breaker>(dir / "breaker"); }
};

TEST_F(BreakerTest, AnOpenOneRefusesWithoutACallOrAnEntry) {
  fake->fail_next(Error(ErrorCode::credits_exhausted, "no credits"));
  EXPECT_EQ(run(), ErrorCode::credits_exhausted);
  EXPECT_EQ(run(), ErrorCode::credits_exhausted);
  EXPECT_EQ(fake->calls(), 1);
  EXPECT_EQ(entries(), 1U);
}

TEST_F(BreakerTest, TheFailureThatOpensItIsTheLastOne) {
  fake->fail_next(Error(ErrorCode::unreachable, "nobody there", true), 99);
  EXPECT_EQ(run({.retry = {.max_attempts = 50}, .total = std::chrono::hours(9)}),
            ErrorCode::unreachable);
  EXPECT_EQ(fake->calls(), net::BreakerPolicy{}.failures_to_open);
  EXPECT_TRUE(voice.refusal().has_value());
}

TEST_F(BreakerTest, ABudgetThatRefusesDoesNotKeepTheProbe) {
  EXPECT_EQ(run({}, 1), ErrorCode::budget_exhausted);
  EXPECT_FALSE(voice.refusal().has_value());
  EXPECT_EQ(run(), ErrorCode::ok);
}

}  // namespace
}  // namespace bhashatts::testing
