#include "net/retry.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bhashatts::net {
namespace {

using namespace std::chrono_literals;

Error failed(ErrorCode code, std::chrono::milliseconds retry_after = 0ms) {
  return Error(code, "it failed", true, retry_after);
}

TEST(Retry, IsWorthItForSixStatuses) {
  for (const int status : {408, 429, 500, 502, 503, 504}) EXPECT_TRUE(is_retryable_status(status));
  for (const int status : {0, 200, 301, 400, 401, 402, 403, 404, 409, 410, 422, 501, 505, 529}) {
    EXPECT_FALSE(is_retryable_status(status)) << status;
  }
}

TEST(Retry, BacksOffExponentiallyWithFullJitter) {
  const RetryPolicy policy{.max_attempts = 100};
  const Error error = failed(ErrorCode::unreachable);
  EXPECT_EQ(policy.wait_after(1, error, 1h, 1.0), 1s);
  EXPECT_EQ(policy.wait_after(2, error, 1h, 1.0), 2s);
  EXPECT_EQ(policy.wait_after(3, error, 1h, 0.5), 2s);
  EXPECT_EQ(policy.wait_after(3, error, 1h, 0.0), 0s);
  EXPECT_EQ(policy.wait_after(6, error, 1h, 1.0), 20s);
  EXPECT_EQ(policy.wait_after(99, error, 1h, 1.0), 20s);
}

TEST(Retry, DoesNotWaitAfterTheLastAttempt) {
  const RetryPolicy policy;
  const Error error = failed(ErrorCode::unreachable);
  EXPECT_TRUE(policy.wait_after(2, error, 1h, 0.0));
  EXPECT_EQ(policy.wait_after(3, error, 1h, 0.0), std::nullopt);
  EXPECT_EQ(RetryPolicy{.max_attempts = 1}.wait_after(1, error, 1h, 0.0), std::nullopt);
}

TEST(Retry, GivesUpOnWhatWillNotChange) {
  EXPECT_EQ(RetryPolicy().wait_after(1, Error(ErrorCode::unauthorized, "no"), 1h, 0.0),
            std::nullopt);
  EXPECT_EQ(RetryPolicy().wait_after(1, Error(ErrorCode::bad_audio, "no"), 1h, 0.0), std::nullopt);
}

TEST(Retry, ObeysTheUpstreamUpToAMinute) {
  const RetryPolicy policy;
  EXPECT_EQ(policy.wait_after(1, failed(ErrorCode::rate_limited, 7s), 1h, 0.1), 7s);
  EXPECT_EQ(policy.wait_after(2, failed(ErrorCode::model_loading, 60s), 1h, 0.1), 60s);
  EXPECT_EQ(policy.wait_after(2, failed(ErrorCode::rate_limited, 7'511s), 1h, 0.1), std::nullopt);
}

TEST(Retry, BeginsNoWaitThatWouldReachTheDeadline) {
  const RetryPolicy policy;
  EXPECT_EQ(policy.wait_after(1, failed(ErrorCode::rate_limited, 7s), 7s, 0.1), std::nullopt);
  EXPECT_EQ(policy.wait_after(1, failed(ErrorCode::rate_limited, 7s), 7'001ms, 0.1), 7s);
  EXPECT_EQ(policy.wait_after(1, failed(ErrorCode::unreachable), 0s, 0.0), std::nullopt);
  EXPECT_EQ(policy.wait_after(1, failed(ErrorCode::unreachable), -1s, 0.0), std::nullopt);
}

TEST(Retry, RepeatsATimeoutOnlyWhereThatIsWanted) {
  const Error error = failed(ErrorCode::upstream_timeout);
  EXPECT_TRUE(RetryPolicy().wait_after(1, error, 1h, 0.0));
  EXPECT_FALSE(RetryPolicy{.repeat_timeouts = false}.wait_after(1, error, 1h, 0.0));
}

TEST(Retry, FollowsBadAudioAtOnce) {
  EXPECT_EQ(RetryPolicy().wait_after(1, failed(ErrorCode::bad_audio), 1h, 1.0), 0s);
}

TEST(Retry, BearsAnyJitter) {
  const Error error = failed(ErrorCode::unreachable);
  EXPECT_EQ(RetryPolicy().wait_after(1, error, 1h, 17.0), 1s);
  EXPECT_EQ(RetryPolicy().wait_after(1, error, 1h, -1.0), 0s);
  EXPECT_EQ(RetryPolicy().wait_after(1, error, 1h, std::nan("")), 0s);
}

}  // namespace
}  // namespace bhashatts::net
