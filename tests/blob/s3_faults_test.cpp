// What servers answer when something is wrong: what is tried again, and what a person is told.
#include <gtest/gtest.h>

#include "blob/s3_client.h"
#include "tests/blob/s3_scripted.h"
#include "tests/support/log_lines.h"

namespace bhashatts::blob {
namespace {

using std::chrono::milliseconds;
using testing::LogLines;
using testing::raised;
using testing::s3_error;

class S3Faults : public testing::ScriptedS3 {
 protected:
  std::string told(int status, const std::string& body, std::vector<net::Header> headers = {}) {
    network_->answer(status, body, std::move(headers));
    const auto message = raised(ErrorCode::storage_failed, [&] { store()->get("a"); });
    EXPECT_EQ(message.find(testing::kS3Secret), std::string::npos);
    EXPECT_EQ(message.find("://"), std::string::npos);
    return message;
  }
};

TEST_F(S3Faults, TriesThreeTimesWithGrowingPauses) {
  for (int i = 0; i < 3; ++i) network_->answer(503, s3_error("ServiceUnavailable"));
  raised(ErrorCode::storage_failed, [&] { store()->get("a"); });
  EXPECT_EQ(network_->sent.size(), 3U);
  EXPECT_EQ(waiter_.waits, (std::vector{milliseconds(25), milliseconds(50)}));
}

TEST_F(S3Faults, WaitsLongerForAStoreThatThrottles) {
  network_->answer(503, s3_error("SlowDown"));
  network_->answer(429, "");
  network_->answer(200, "sound");
  EXPECT_TRUE(store()->get("a"));
  EXPECT_EQ(waiter_.waits, (std::vector{milliseconds(500), milliseconds(1'000)}));
}

TEST_F(S3Faults, HeedsRetryAfterWithinBounds) {
  network_->answer(429, "", {{"retry-after", "3"}});
  network_->answer(429, "", {{"retry-after", "50"}});
  network_->answer(200, "sound");
  EXPECT_TRUE(store()->get("a"));
  EXPECT_EQ(waiter_.waits, (std::vector{milliseconds(3'000), milliseconds(6'000)}));
}

TEST_F(S3Faults, TriesAgainAfterABrokenConnectionButNotAfterATimeOut) {
  network_->fail(ErrorCode::unreachable, false);
  network_->answer(200, "sound");
  EXPECT_TRUE(store()->get("a"));
  network_->fail(ErrorCode::upstream_timeout, true);
  raised(ErrorCode::storage_failed, [&] { store()->get("a"); });
  network_->fail(ErrorCode::unreachable, false, "the certificate is not trusted", false);
  raised(ErrorCode::storage_failed, [&] { store()->get("a"); });
  EXPECT_EQ(network_->sent.size(), 4U);
}

TEST_F(S3Faults, BeginsNoPauseThatWouldReachTheDeadline) {
  S3Options with = options();
  with.timeout = milliseconds(1'000);
  network_->answer(429, "", {{"retry-after", "2"}});
  raised(ErrorCode::storage_failed, [&] { store(with)->get("a"); });
  EXPECT_TRUE(waiter_.waits.empty());
}

TEST_F(S3Faults, AStoreThatIsDownUsesUpTheQuotaOfRepetitions) {
  const auto down = store();
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 3; ++j) network_->answer(500, s3_error("InternalError"));
    EXPECT_THROW(down->get("a"), Error);
  }
  EXPECT_EQ(waiter_.waits.size(), 35U);  // 500 / 14
}

TEST(RetryQuota, GivesBackWhatARepetitionThatSucceededCost) {
  RetryQuota quota;
  testing::FakeWaiter waiter;
  const std::function<double()> jitter = [] { return 0.0; };
  Patience one(quota, waiter, jitter, milliseconds(1'000));
  EXPECT_TRUE(one.again(S3Fault::transient, {}));
  EXPECT_EQ(quota.left(), 486);
  one.succeeded();
  EXPECT_EQ(quota.left(), 500);
  quota.take(100);
  Patience other(quota, waiter, jitter, milliseconds(1'000));
  other.succeeded();
  EXPECT_EQ(quota.left(), 401);
}

TEST_F(S3Faults, SaysWhichSettingIsWrong) {
  const auto holds = [](const std::string& message, const char* part) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  holds(told(403, s3_error("InvalidAccessKeyId")), "AWS_ACCESS_KEY_ID");
  holds(told(401, s3_error("Unauthorized")), "AWS_ACCESS_KEY_ID");
  holds(told(403, s3_error("SignatureDoesNotMatch")), "AWS_SECRET_ACCESS_KEY");
  holds(told(400, s3_error("ExpiredToken")), "token");
  holds(told(403, s3_error("RequestTimeTooSkewed")), "clock");
  holds(told(301, s3_error("PermanentRedirect"), {{"x-amz-bucket-region", "eu-west-1"}}),
        "AWS_S3_REGION_NAME to eu-west-1");
  holds(told(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>x y</Region></Error>"),
        "the bucket's region");
  holds(told(405, "<html>"), "AWS_S3_ENDPOINT_URL");
}

TEST_F(S3Faults, SaysWhichRightIsMissing) {
  const std::string message = told(403, s3_error("AccessDenied"));
  EXPECT_NE(message.find("s3:GetObject"), std::string::npos);
  EXPECT_NE(message.find("s3:ListBucket"), std::string::npos);
  network_->answer(403, "");
  const auto wordless = raised(ErrorCode::storage_failed, [&] { store()->info("a"); });
  EXPECT_NE(wordless.find("clock"), std::string::npos);
  network_->answer(403, s3_error("AccessDenied"));
  const auto writing = raised(ErrorCode::storage_failed, [&] { put(*store()); });
  EXPECT_NE(writing.find("s3:PutObject"), std::string::npos);
}

TEST_F(S3Faults, AFullStoreIsAnErrorOfItsOwn) {
  network_->answer(403, s3_error("QuotaExceeded"));
  raised(ErrorCode::storage_full, [&] { put(*store()); });
}

TEST_F(S3Faults, KeepsTheServersWordsForTheLogWithoutTheSecret) {
  network_->answer(400, s3_error("Strange", std::string("not ") + testing::kS3Secret),
                   {{"x-amz-request-id", "R9"}});
  try {
    store()->get("a");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.detail(), "status 400, code Strange: not ***; request id R9");
    EXPECT_FALSE(error.retryable());
  }
}

TEST_F(S3Faults, CorrectsItsClockOnceAndRemembers) {
  const LogLines lines;
  const auto where = store();
  network_->answer(403, s3_error("RequestTimeTooSkewed"),
                   {{"date", "Fri, 24 May 2013 00:10:00 GMT"}});
  network_->answer(200, "sound");
  network_->answer(200, "sound");
  EXPECT_TRUE(where->get("a"));
  EXPECT_TRUE(where->get("a"));
  EXPECT_EQ(network_->sent[0].header("X-Amz-Date"), "20130524T000000Z");
  EXPECT_EQ(network_->sent[1].header("X-Amz-Date"), "20130524T001000Z");
  EXPECT_EQ(network_->sent[2].header("X-Amz-Date"), "20130524T001000Z");
  EXPECT_TRUE(waiter_.waits.empty());
  EXPECT_EQ(lines.count("clock differs"), 1);
}

TEST_F(S3Faults, DoesNotBlameTheClockForOtherRefusals) {
  for (const char* code : {"SignatureDoesNotMatch", "AccessDenied"}) {
    network_->answer(403, s3_error(code), {{"date", "Fri, 24 May 2013 00:03:00 GMT"}});
    raised(ErrorCode::storage_failed, [&] { store()->get("a"); });
  }
  network_->answer(403, "", {{"date", "yesterday"}});
  raised(ErrorCode::storage_failed, [&] { store()->info("a"); });
  EXPECT_EQ(network_->sent.size(), 3U);
}

}  // namespace
}  // namespace bhashatts::blob
