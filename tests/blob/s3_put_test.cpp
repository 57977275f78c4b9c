#include <gtest/gtest.h>

#include "tests/blob/s3_scripted.h"
#include "tests/support/log_lines.h"

namespace bhashatts::blob {
namespace {

using std::chrono::milliseconds;
using testing::LogLines;
using testing::raised;
using testing::s3_error;

class S3Put : public testing::ScriptedS3 {
 protected:
  // A server that is not known to heed conditions.
  static S3Options elsewhere() {
    S3Options with = options();
    with.endpoint = "https://s3.example";
    return with;
  }
  static S3Options with_acl() {
    S3Options with = options();
    with.acl = "public-read";
    return with;
  }
};

TEST_F(S3Put, SaysAllAboutTheObjectInOneCall) {
  network_->answer(200, "");
  const BlobLabels labels{.media_type = "audio/flac", .identity = "0123abcd", .duration_ms = 1'234};
  EXPECT_EQ(store()->put_if_absent("a/b.flac", bytes(), labels), PutOutcome::stored);
  ASSERT_EQ(methods(), "PUT");
  const auto& sent = network_->sent[0];
  EXPECT_EQ(sent.header("If-None-Match"), "*");
  EXPECT_EQ(sent.header("Content-Type"), "audio/flac");
  EXPECT_EQ(sent.header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(sent.header("x-amz-meta-identity"), "0123abcd");
  EXPECT_EQ(sent.header("x-amz-meta-duration-ms"), "1234");
  EXPECT_EQ(sent.header("x-amz-content-sha256"), hex(sha256("sound")));
  EXPECT_EQ(sent.header("x-amz-acl"), "");
  EXPECT_EQ(sent.body, "sound");
}

TEST_F(S3Put, LeavesOutWhatIsNotKnown) {
  network_->answer(200, "");
  store()->put_if_absent("a", bytes(), {});
  const auto& sent = network_->sent[0];
  EXPECT_EQ(sent.header("Content-Type"), "application/octet-stream");
  EXPECT_EQ(sent.header("x-amz-meta-identity"), "");
  EXPECT_EQ(sent.header("x-amz-meta-duration-ms"), "");
}

TEST_F(S3Put, AnotherWasFirst) {
  network_->answer(412, s3_error("PreconditionFailed"));
  EXPECT_EQ(put(*store()), PutOutcome::already_there);
  EXPECT_EQ(methods(), "PUT");
}

TEST_F(S3Put, LooksBeforeItWritesAThrottledNameAgain) {
  network_->answer(429, s3_error("TooManyRequests"));
  network_->answer(200, "");
  EXPECT_EQ(put(*store()), PutOutcome::already_there);
  EXPECT_EQ(methods(), "PUT HEAD");
  EXPECT_EQ(waiter_.waits, std::vector{milliseconds(1'500)});
}

TEST_F(S3Put, LooksAfterAConflictAndASlowDownToo) {
  network_->answer(409, s3_error("ConditionalRequestConflict"));
  network_->answer(404, "");
  network_->answer(503, s3_error("SlowDown"));
  network_->answer(403, "");  // a key that may not look
  network_->answer(200, "");
  EXPECT_EQ(put(*store()), PutOutcome::stored);
  EXPECT_EQ(methods(), "PUT HEAD PUT HEAD PUT");
  EXPECT_EQ(waiter_.waits, (std::vector{milliseconds(25), milliseconds(2'000)}));
}

TEST_F(S3Put, LooksAfterAnAnswerThatWasLost) {
  network_->fail(ErrorCode::unreachable, true);
  network_->answer(200, "");
  EXPECT_EQ(put(*store()), PutOutcome::already_there);
  EXPECT_EQ(methods(), "PUT HEAD");
}

TEST_F(S3Put, GivesUpOnANameThatStaysThrottled) {
  for (int i = 0; i < 2; ++i) {
    network_->answer(429, "");
    network_->answer(404, "");
  }
  network_->answer(429, "", {{"retry-after", "7"}});
  try {
    put(*store());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::storage_failed);
    EXPECT_TRUE(error.retryable());
    EXPECT_EQ(error.retry_after(), milliseconds(7'000));
  }
}

TEST_F(S3Put, DropsAnAclThatIsRefusedForGood) {
  const LogLines lines;
  const auto where = store(with_acl());
  network_->answer(501, s3_error("NotImplemented", "Header 'x-amz-acl' is not implemented"));
  for (int i = 0; i < 2; ++i) network_->answer(200, "");
  EXPECT_EQ(put(*where), PutOutcome::stored);
  EXPECT_EQ(put(*where), PutOutcome::stored);
  EXPECT_EQ(network_->sent[0].header("x-amz-acl"), "public-read");
  EXPECT_EQ(network_->sent[1].header("x-amz-acl"), "");
  EXPECT_EQ(network_->sent[2].header("x-amz-acl"), "");
  EXPECT_EQ(network_->sent[2].header("If-None-Match"), "*");
  EXPECT_EQ(lines.count("AWS_DEFAULT_ACL"), 1);
}

TEST_F(S3Put, DropsAnAclThatTheBucketDoesNotAllow) {
  const LogLines lines;
  network_->answer(400, s3_error("AccessControlListNotSupported"));
  network_->answer(200, "");
  EXPECT_EQ(put(*store(with_acl())), PutOutcome::stored);
  network_->answer(400, s3_error("AccessControlListNotSupported"));
  raised(ErrorCode::storage_failed, [&] { put(*store()); });
}

TEST_F(S3Put, LooksFirstWhereConditionsAreRefused) {
  const LogLines lines;
  const auto where = store(with_acl());
  network_->answer(501, s3_error("NotImplemented", "If-None-Match is not supported"));
  network_->answer(404, "");
  network_->answer(200, "");
  EXPECT_EQ(put(*where), PutOutcome::stored);
  network_->answer(200, "");
  EXPECT_EQ(put(*where), PutOutcome::already_there);
  EXPECT_EQ(methods(), "PUT HEAD PUT HEAD");
  EXPECT_EQ(network_->sent[2].header("If-None-Match"), "");
  EXPECT_EQ(network_->sent[2].header("x-amz-acl"), "public-read");
  EXPECT_EQ(lines.count("refuses If-None-Match"), 1);
}

TEST_F(S3Put, ARefusalThatNothingMendsIsAnError) {
  const LogLines lines;
  const auto where = store();
  network_->answer(501, s3_error("NotImplemented"));
  network_->answer(404, "");
  network_->answer(501, s3_error("NotImplemented"));
  raised(ErrorCode::storage_failed, [&] { put(*where); });
}

TEST_F(S3Put, FindsOutOnceWhetherConditionsAreHeeded) {
  const LogLines lines;
  const auto where = store(elsewhere());
  network_->answer(200, "");
  network_->answer(412, "");
  network_->answer(200, "");
  EXPECT_EQ(put(*where), PutOutcome::stored);
  EXPECT_EQ(put(*where), PutOutcome::stored);
  EXPECT_EQ(methods(), "PUT PUT PUT");
  EXPECT_EQ(lines.count("If-None-Match"), 0);
}

TEST_F(S3Put, LooksFirstWhereConditionsAreNotHeeded) {
  const LogLines lines;
  const auto where = store(elsewhere());
  network_->answer(200, "");
  network_->answer(200, "");
  network_->answer(200, "");
  EXPECT_EQ(put(*where), PutOutcome::stored);
  EXPECT_EQ(put(*where), PutOutcome::already_there);
  EXPECT_EQ(methods(), "PUT PUT HEAD");
  EXPECT_EQ(network_->sent[1].body, "sound");
  EXPECT_EQ(lines.count("does not heed If-None-Match"), 1);
}

}  // namespace
}  // namespace bhashatts::blob
