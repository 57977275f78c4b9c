#include "net/header_values.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/clock.h"

namespace bhashatts::net {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kNow = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(RetryAfter, ReadsSeconds) {
  EXPECT_EQ(parse_retry_after("0", kNow), 0ms);
  EXPECT_EQ(parse_retry_after("7", kNow), 7'000ms);
  EXPECT_EQ(parse_retry_after(" 1.5\t", kNow), 1'500ms);
  EXPECT_EQ(parse_retry_after("60", kNow), 60'000ms);
}

TEST(RetryAfter, WaitsNoLongerThanAMinute) {
  EXPECT_EQ(parse_retry_after("61", kNow), kLongestWait);
  EXPECT_EQ(parse_retry_after("1209600", kNow), kLongestWait);
  EXPECT_EQ(parse_retry_after("99999999999999999999999", kNow), kLongestWait);
}

TEST(RetryAfter, ReadsAllThreeDateForms) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:50 GMT", kNow), 13'000ms);
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:49:50 GMT", kNow), 13'000ms);
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:49:50 1994", kNow), 13'000ms);
  EXPECT_EQ(parse_retry_after("Wed Nov 16 08:49:50 1994", kNow), kLongestWait);
}

TEST(RetryAfter, WaitsForNoDateThatHasPassed) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", kNow), 0ms);
  EXPECT_EQ(parse_retry_after("Thu, 01 Jan 1970 00:00:00 GMT", kNow), 0ms);
}

TEST(RetryAfter, PutsAYearOfTwoDigitsAtMostFiftyYearsAhead) {
  constexpr std::int64_t kIn2026 = 1'780'000'000;
  EXPECT_EQ(parse_retry_after("Monday, 06-Nov-26 08:49:50 GMT", kIn2026), kLongestWait);
  EXPECT_EQ(parse_retry_after("Monday, 06-Nov-76 08:49:50 GMT", kIn2026), kLongestWait);
  EXPECT_EQ(parse_retry_after("Monday, 06-Nov-77 08:49:50 GMT", kIn2026), 0ms);
}

TEST(RetryAfter, TakesNothingElse) {
  for (const char* value :
       {"", " ", "-1", "+5", "soon", "1e3", "inf", "nan", "0x10", "5s", "5, 6", "1.5.2",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 GMT+1",
        "sun, 06 nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994", "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(parse_retry_after(value, kNow), std::nullopt) << value;
  }
}

TEST(RateLimit, SaysWhenWhatIsUsedUpComesBack) {
  EXPECT_EQ(parse_rate_limit(R"("api";r=0;t=55)"), 55'000ms);
  EXPECT_EQ(parse_rate_limit(R"("api"; t=5 ; r=0)"), 5'000ms);
  EXPECT_EQ(parse_rate_limit(R"("a";r=0;t=5, "b";r=0;t=9, "c";r=3;t=30)"), 9'000ms);
  EXPECT_EQ(parse_rate_limit(R"("a";r=0;t=300)"), kLongestWait);
}

TEST(RateLimit, SaysNothingWhileSomethingIsLeft) {
  EXPECT_EQ(parse_rate_limit(R"("api";r=1;t=55)"), std::nullopt);
  EXPECT_EQ(parse_rate_limit(R"("api";t=55)"), std::nullopt);
  EXPECT_EQ(parse_rate_limit(R"("api";r=0)"), std::nullopt);
}

TEST(RateLimit, ReadsNamesThatLookLikeMore) {
  EXPECT_EQ(parse_rate_limit(R"("a;r=0;t=1,\"";r=2;t=55)"), std::nullopt);
  EXPECT_EQ(parse_rate_limit(R"("a,b";r=0;t=4)"), 4'000ms);
  for (const char* value : {"", ",,;;", "\"open;r=0;t=1", "r=0;t=5", "\"a\";r=x;t=y", "100, 50"}) {
    EXPECT_EQ(parse_rate_limit(value), std::nullopt) << value;
  }
}

TEST(ComputeTime, IsReadToTheMillisecond) {
  EXPECT_EQ(parse_seconds("1.512"), 1'512ms);
  EXPECT_EQ(parse_seconds("0"), 0ms);
  EXPECT_EQ(parse_seconds("0.0004"), 0ms);
  EXPECT_EQ(parse_seconds("86400"), 86'400'000ms);
}

TEST(ComputeTime, IsNothingThatNoCallTakes) {
  for (const char* value : {"", "-1", "86401", "1e999", "NaN", "inf", "1,5", "1.5 s", "0x1p3"}) {
    EXPECT_EQ(parse_seconds(value), std::nullopt) << value;
  }
}

TEST(MediaType, IsInLowerCaseAndWithoutParameters) {
  EXPECT_EQ(media_type_of("audio/FLAC; rate=1"), "audio/flac");
  EXPECT_EQ(media_type_of(" Application/JSON ;charset=UTF-8"), "application/json");
  EXPECT_EQ(media_type_of("application/problem+json"), "application/problem+json");
  for (const char* value :
       {"", "audio", "audio/", "/wav", "audio/wav/x", "au dio/wav", ";", "a/\xFF"}) {
    EXPECT_EQ(media_type_of(value), "") << value;
  }
}

HttpReply reply_with(std::vector<Header> headers) {
  HttpReply reply;
  reply.status = 429;
  reply.headers = std::move(headers);
  return reply;
}

TEST(WantedWait, PrefersRetryAfter) {
  EXPECT_EQ(wanted_wait(reply_with({{"retry-after", "3"}, {"ratelimit", "\"a\";r=0;t=9"}})), 3s);
  EXPECT_EQ(wanted_wait(reply_with({{"retry-after", "soon"}, {"ratelimit", "\"a\";r=0;t=9"}})), 9s);
  EXPECT_EQ(wanted_wait(reply_with({})), std::nullopt);
}

TEST(WantedWait, HoldsADateAgainstTheServersClock) {
  const std::string then = "Sun, 06 Nov 1994 08:49:50 GMT";
  EXPECT_EQ(
      wanted_wait(reply_with({{"date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"retry-after", then}})),
      13s);
  EXPECT_EQ(wanted_wait(reply_with({{"date", "today"}, {"retry-after", then}})), 0s);
}

}  // namespace
}  // namespace bhashatts::net
