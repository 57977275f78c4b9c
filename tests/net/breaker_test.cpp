#include "net/breaker.h"

#include <gtest/gtest.h>

#include <fstream>

#include "bhashatts/log.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::net {
namespace {

using namespace std::chrono_literals;

class BreakerTest : public ::testing::Test {
 protected:
  Breaker open(BreakerPolicy policy = {.failures_to_open = 3}) {
    return Breaker(directory_ / "upstreams/one", policy, [this] { return now_; });
  }
  void pass(std::chrono::milliseconds time) { now_ += time.count(); }
  static Error failed(ErrorCode code, std::chrono::milliseconds retry_after = 0ms) {
    return Error(code, "it failed", true, retry_after);
  }
  static void fail(Breaker& breaker, int times, ErrorCode code = ErrorCode::unreachable) {
    for (int i = 0; i < times; ++i) breaker.failed(failed(code));
  }
  // For how long it refuses; zero: it does not.
  static std::chrono::milliseconds refuses(Breaker& breaker) {
    const auto refusal = breaker.ask();
    return refusal ? refusal->retry_after : 0ms;
  }

  testing::TempDir directory_;
  std::int64_t now_ = 1'780'000'000'000;
};

TEST_F(BreakerTest, CountsAudioInAShapeThatWasNotConfigured) {
  Breaker breaker = open();
  for (int i = 0; i < 3; ++i) breaker.failed(Error(ErrorCode::bad_audio, "no audio field", false));
  EXPECT_TRUE(breaker.ask());
  EXPECT_EQ(breaker.trouble()->code, ErrorCode::bad_audio);
}

TEST_F(BreakerTest, OpensAfterFailuresInARow) {
  Breaker breaker = open();
  fail(breaker, 2);
  EXPECT_FALSE(breaker.ask());
  breaker.succeeded();
  fail(breaker, 2);
  EXPECT_FALSE(breaker.ask());
  fail(breaker, 1, ErrorCode::upstream_timeout);
  const auto refusal = breaker.ask();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, ErrorCode::upstream_timeout);
  EXPECT_EQ(refusal->retry_after, 5s);
}

TEST_F(BreakerTest, LetsOneProbeThrough) {
  Breaker breaker = open();
  fail(breaker, 3);
  pass(4'999ms);
  EXPECT_TRUE(breaker.ask());
  pass(1ms);
  EXPECT_FALSE(breaker.ask());
  EXPECT_TRUE(breaker.ask());
  breaker.succeeded();
  EXPECT_FALSE(breaker.ask());
  EXPECT_FALSE(breaker.ask());
}

TEST_F(BreakerTest, DoublesItsPauseUpToTheLongest) {
  Breaker breaker = open();
  fail(breaker, 3);
  for (const auto pause : {5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    EXPECT_EQ(refuses(breaker), pause);
    pass(pause);
    EXPECT_EQ(refuses(breaker), 0s);
    fail(breaker, 1);
  }
  pass(300s);
  EXPECT_FALSE(breaker.ask());
  breaker.succeeded();
  fail(breaker, 3);
  EXPECT_EQ(refuses(breaker), 5s);
}

TEST_F(BreakerTest, CountsCallsThatFailedTogetherOnce) {
  Breaker breaker = open();
  fail(breaker, 16);
  EXPECT_EQ(refuses(breaker), 5s);
  pass(5s);
  EXPECT_FALSE(breaker.ask());
  fail(breaker, 16);
  EXPECT_EQ(refuses(breaker), 10s);
}

TEST_F(BreakerTest, OpensAtOnceForTheAccountsTroubles) {
  for (const ErrorCode code : {ErrorCode::credits_exhausted, ErrorCode::unauthorized,
                               ErrorCode::model_not_served, ErrorCode::endpoint_paused}) {
    Breaker breaker = open();
    EXPECT_FALSE(breaker.ask());
    breaker.failed(failed(code));
    const auto refusal = breaker.ask();
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->code, code);
    EXPECT_EQ(refusal->retry_after, 60s);
    pass(60s);
    EXPECT_FALSE(breaker.ask());
    breaker.succeeded();
  }
}

// A call that was accepted before the credits ended says nothing of the next one.
TEST_F(BreakerTest, StaysOpenForTheAccountWhenAnEarlierCallSucceeds) {
  Breaker breaker = open();
  fail(breaker, 1, ErrorCode::credits_exhausted);
  breaker.succeeded();
  EXPECT_TRUE(breaker.ask());
  fail(breaker, 5);
  EXPECT_EQ(refuses(breaker), 60s);
}

TEST_F(BreakerTest, GoesOverToTheAccountsTroubles) {
  Breaker breaker = open();
  fail(breaker, 3);
  fail(breaker, 1, ErrorCode::credits_exhausted);
  const auto refusal = breaker.ask();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, ErrorCode::credits_exhausted);
  EXPECT_EQ(refusal->retry_after, 60s);
}

TEST_F(BreakerTest, ClosesWhenAnEarlierCallIsAnsweredAfterAll) {
  Breaker breaker = open();
  fail(breaker, 3);
  breaker.succeeded();
  EXPECT_FALSE(breaker.ask());
}

TEST_F(BreakerTest, PausesAsLongAsTheUpstreamAsks) {
  Breaker breaker = open();
  for (int i = 0; i < 3; ++i) breaker.failed(failed(ErrorCode::rate_limited, 50s));
  EXPECT_EQ(refuses(breaker), 50s);
  pass(50s);
  EXPECT_FALSE(breaker.ask());
  breaker.failed(failed(ErrorCode::rate_limited, 24h));  // but never for a day
  EXPECT_EQ(refuses(breaker), 300s);
}

TEST_F(BreakerTest, TakesARefusedTextForAnAnswer) {
  for (const ErrorCode code : {ErrorCode::upstream_rejected, ErrorCode::bad_audio}) {
    Breaker breaker = open();
    fail(breaker, 2);
    fail(breaker, 1, code);
    fail(breaker, 2);
    EXPECT_FALSE(breaker.ask());
    breaker.succeeded();
  }
}

TEST_F(BreakerTest, LearnsNothingFromWhatIsNotTheUpstreams) {
  Breaker breaker = open();
  fail(breaker, 2);
  fail(breaker, 9, ErrorCode::cancelled);
  fail(breaker, 9, ErrorCode::budget_exhausted);
  EXPECT_FALSE(breaker.ask());
  fail(breaker, 1);
  EXPECT_TRUE(breaker.ask());
}

TEST_F(BreakerTest, HandsOnAProbeThatWasBrokenOff) {
  Breaker breaker = open();
  fail(breaker, 3);
  pass(5s);
  EXPECT_FALSE(breaker.ask());
  EXPECT_TRUE(breaker.ask());
  fail(breaker, 1, ErrorCode::cancelled);
  EXPECT_FALSE(breaker.look());
  EXPECT_FALSE(breaker.ask());
  EXPECT_TRUE(breaker.ask());
}

TEST_F(BreakerTest, LooksWithoutClaiming) {
  Breaker breaker = open();
  EXPECT_FALSE(breaker.look());
  fail(breaker, 3);
  EXPECT_EQ(breaker.look()->retry_after, 5s);
  pass(5s);
  EXPECT_FALSE(breaker.look());
  EXPECT_FALSE(breaker.look());
  EXPECT_FALSE(breaker.ask());
  EXPECT_TRUE(breaker.look());
}

TEST_F(BreakerTest, ForgivesOnce) {
  Breaker breaker = open();
  breaker.forgive();
  fail(breaker, 2);
  breaker.forgive();
  EXPECT_FALSE(breaker.ask());
  fail(breaker, 1);
  EXPECT_TRUE(breaker.ask());
  breaker.forgive();
  EXPECT_FALSE(breaker.ask());
  fail(breaker, 1);
  EXPECT_EQ(refuses(breaker), 5s);
}

TEST_F(BreakerTest, KeepsItsStateWhenItIsOpenedAgain) {
  Breaker first = open();
  fail(first, 2);
  Breaker second = open();
  fail(second, 1);
  EXPECT_EQ(refuses(first), 5s);
  pass(1s);
  EXPECT_EQ(open().look()->retry_after, 4s);
}

TEST_F(BreakerTest, BearsAClockThatIsSetBack) {
  Breaker breaker = open();
  fail(breaker, 3);
  pass(-100s);
  EXPECT_EQ(refuses(breaker), 105s);
  pass(-24h * 365);
  EXPECT_FALSE(breaker.ask());  // a probe, since no pause is that long
  EXPECT_EQ(refuses(breaker) / 1s, 180);
}

TEST_F(BreakerTest, BearsAFileOfAnything) {
  static_cast<void>(open());
  for (const char byte : {'\x01', '\x7F', '\x80', '\xFF'}) {
    std::ofstream(directory_ / "upstreams/one", std::ios::binary) << std::string(24, byte);
    Breaker breaker = open();
    EXPECT_FALSE(breaker.ask());
    EXPECT_TRUE(breaker.ask());
    fail(breaker, 1);
    EXPECT_LE(refuses(breaker), 300s);
    breaker.succeeded();
    EXPECT_FALSE(breaker.ask());
  }
}

TEST_F(BreakerTest, WorksForItsProcessWhereThereIsNoRoomForAFile) {
  int warnings = 0;
  set_log_sink([&](LogLevel, std::string_view, std::string_view) { ++warnings; });
  std::ofstream(directory_ / "upstreams") << "a file where a directory should be";
  Breaker breaker = open();
  set_log_sink({});
  EXPECT_EQ(warnings, 1);
  fail(breaker, 3);
  EXPECT_EQ(refuses(breaker), 5s);
}

}  // namespace
}  // namespace bhashatts::net
