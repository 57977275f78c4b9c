#include <gtest/gtest.h>

#include "tests/blob/s3_scripted.h"
#include "tests/support/log_lines.h"

namespace bhashatts::blob {
namespace {

using testing::LogLines;
using testing::raised;
using testing::s3_error;

constexpr std::size_t kPart = std::size_t{5} << 20;
constexpr const char* kBegun =
    "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>";
constexpr const char* kDone = "\n <CompleteMultipartUploadResult/>";

class S3Multipart : public testing::ScriptedS3 {
 protected:
  S3Multipart() {
    S3Options with = options();
    with.part_bytes = kPart;
    with.acl = "public-read";
    store_ = store(with);
  }
  PutOutcome put_big() {
    return store_->put_if_absent("big", bytes(std::string(2 * kPart + 1, 'x')),
                                 {"audio/wav", "", 0});
  }
  void begin() {
    network_->answer(404, "");  // it is not there
    network_->answer(200, kBegun);
  }
  void begin_and_send() {
    begin();
    for (const char* etag : {"\"1\"", "\"2\"", "\"3\""})
      network_->answer(200, "", {{"etag", etag}});
  }
  std::string last_query() const { return query_of(network_->sent.size() - 1); }

  std::shared_ptr<blob::S3Store> store_;
};

TEST_F(S3Multipart, SendsEqualPartsAndCompletesOnCondition) {
  begin_and_send();
  network_->answer(200, kDone);
  EXPECT_EQ(put_big(), PutOutcome::stored);
  ASSERT_EQ(methods(), "HEAD POST PUT PUT PUT POST");
  EXPECT_EQ(query_of(1), "uploads=");
  EXPECT_EQ(network_->sent[1].header("Content-Type"), "audio/wav");
  EXPECT_EQ(network_->sent[1].header("x-amz-acl"), "public-read");
  EXPECT_EQ(query_of(2), "partNumber=1&uploadId=u%2F1");
  EXPECT_EQ(network_->sent[2].body.size(), kPart);
  EXPECT_EQ(network_->sent[3].body.size(), kPart);
  EXPECT_EQ(network_->sent[4].body.size(), 1U);
  EXPECT_EQ(network_->sent[5].header("If-None-Match"), "*");
  EXPECT_NE(network_->sent[5].body.find("<PartNumber>3</PartNumber><ETag>\"3\"</ETag>"),
            std::string::npos)
      << network_->sent[5].body;
}

TEST_F(S3Multipart, SendsNothingOfWhatIsThere) {
  network_->answer(200, "", {{"content-length", "1"}});
  EXPECT_EQ(put_big(), PutOutcome::already_there);
  EXPECT_EQ(methods(), "HEAD");
}

TEST_F(S3Multipart, NeedsNoRightToLook) {
  network_->answer(403, "");
  network_->answer(200, kBegun);
  network_->answer(403, s3_error("AccessDenied"));
  network_->answer(204, "");
  EXPECT_THROW(put_big(), Error);
  EXPECT_EQ(methods(), "HEAD POST PUT DELETE");
}

TEST_F(S3Multipart, TakesBackWhatAnotherWasFasterWith) {
  begin_and_send();
  network_->answer(412, s3_error("PreconditionFailed"));
  network_->answer(204, "");
  EXPECT_EQ(put_big(), PutOutcome::already_there);
  EXPECT_EQ(network_->sent.back().method, "DELETE");
  EXPECT_EQ(last_query(), "uploadId=u%2F1");
}

TEST_F(S3Multipart, TakesBackWhatCouldNotBeSent) {
  begin();
  network_->answer(200, "", {{"etag", "1"}});
  network_->answer(403, s3_error("AccessDenied"));
  network_->answer(204, "");
  const auto message = raised(ErrorCode::storage_failed, [&] { put_big(); });
  EXPECT_NE(message.find("s3:PutObject"), std::string::npos);
  EXPECT_EQ(methods(), "HEAD POST PUT PUT DELETE");
}

TEST_F(S3Multipart, SaysSoWhereItCannotTakeBack) {
  const LogLines lines;
  begin();
  network_->answer(403, s3_error("AccessDenied"));
  network_->answer(403, s3_error("AccessDenied"));
  raised(ErrorCode::storage_failed, [&] { put_big(); });
  EXPECT_EQ(lines.count("lifecycle rule"), 1);
}

TEST_F(S3Multipart, ASuccessMayHoldAnError) {
  begin_and_send();
  network_->answer(200, s3_error("InternalError"));
  network_->answer(204, "");
  try {
    put_big();
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(error.retryable());
  }
  begin_and_send();
  network_->answer(200, s3_error("PreconditionFailed"));
  network_->answer(204, "");
  EXPECT_EQ(put_big(), PutOutcome::already_there);
}

TEST_F(S3Multipart, BeginsAnewAfterAConflict) {
  begin_and_send();
  network_->answer(409, s3_error("ConditionalRequestConflict"));
  network_->answer(204, "");
  begin_and_send();
  network_->answer(200, kDone);
  EXPECT_EQ(put_big(), PutOutcome::stored);
  EXPECT_EQ(waiter_.waits.size(), 1U);
}

TEST_F(S3Multipart, ACompletionWhoseAnswerWasLostIsFound) {
  begin_and_send();
  network_->fail(ErrorCode::unreachable, true);
  network_->answer(404, s3_error("NoSuchUpload"));
  network_->answer(200, "");
  EXPECT_EQ(put_big(), PutOutcome::already_there);
  EXPECT_EQ(methods(), "HEAD POST PUT PUT PUT POST POST HEAD");
}

TEST_F(S3Multipart, DropsAnAclThatIsRefused) {
  const LogLines lines;
  network_->answer(404, "");
  network_->answer(501, s3_error("NotImplemented"));
  begin_and_send();
  network_->answer(200, kDone);
  EXPECT_EQ(put_big(), PutOutcome::stored);
  EXPECT_EQ(network_->sent[3].header("x-amz-acl"), "");
}

}  // namespace
}  // namespace bhashatts::blob
