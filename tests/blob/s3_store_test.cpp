#include <gtest/gtest.h>

#include "tests/blob/s3_scripted.h"

namespace bhashatts::blob {
namespace {

using testing::raised;
using testing::s3_error;

class S3Store : public testing::ScriptedS3 {};

TEST_F(S3Store, ReadsAnObjectInOneCall) {
  network_->answer(200, "sound");
  EXPECT_EQ(store()->get("a/b c.flac")->chars(), "sound");
  ASSERT_EQ(network_->sent.size(), 1U);
  const auto& sent = network_->sent[0];
  EXPECT_EQ(sent.url, "https://account.r2.cloudflarestorage.com/tales/a/b%20c.flac");
  EXPECT_EQ(sent.header("x-amz-content-sha256"), hex(sha256("")));
  EXPECT_NE(sent.header("Authorization").find("/20130524/auto/s3/aws4_request"), std::string::npos);
  EXPECT_EQ(sent.redirects, net::Redirects::refuse);
}

TEST_F(S3Store, TellsAMissFromABucketThatIsNotThere) {
  network_->answer(404, s3_error("NoSuchKey"));
  EXPECT_FALSE(store()->get("a"));
  network_->answer(404, "");
  EXPECT_FALSE(store()->info("a"));
  network_->answer(404, s3_error("NoSuchBucket"));
  const auto message = raised(ErrorCode::storage_failed, [&] { store()->get("a"); });
  EXPECT_NE(message.find("AWS_STORAGE_BUCKET_NAME"), std::string::npos);
  network_->answer(404, "<html>no such page</html>");
  raised(ErrorCode::storage_failed, [&] { store()->get("a"); });
}

TEST_F(S3Store, ReadsSizesFromHead) {
  network_->answer(200, "", {{"content-length", "123"}});
  EXPECT_EQ(store()->info("a")->size_bytes, 123U);
  EXPECT_EQ(network_->sent.back().method, "HEAD");
}

TEST_F(S3Store, RemovesWhatIsAndWhatIsNotThere) {
  network_->answer(204, "");
  network_->answer(404, s3_error("NoSuchKey"));
  EXPECT_NO_THROW(store()->remove("a"));
  EXPECT_NO_THROW(store()->remove("a"));
  network_->answer(403, s3_error("AccessDenied"));
  const auto message = raised(ErrorCode::storage_failed, [&] { store()->remove("a"); });
  EXPECT_NE(message.find("s3:DeleteObject"), std::string::npos);
}

TEST_F(S3Store, ListsPageByPage) {
  const auto page = [](const std::string& name, const std::string& next) {
    return "<ListBucketResult><IsTruncated>" + std::string(next.empty() ? "false" : "true") +
           "</IsTruncated><Contents><Key>" + name + "</Key><Size>7</Size></Contents>" +
           (next.empty() ? "" : "<NextContinuationToken>" + next + "</NextContinuationToken>") +
           "</ListBucketResult>";
  };
  network_->answer(200, page("p/1", "t=/+"));
  network_->answer(200, page("p/2", ""));
  std::string names;
  store()->list("p/", [&](const BlobInfo& info) { return names += info.name + " ", true; });
  EXPECT_EQ(names, "p/1 p/2 ");
  EXPECT_EQ(query_of(0), "list-type=2&prefix=p%2F");
  EXPECT_EQ(query_of(1), "continuation-token=t%3D%2F%2B&list-type=2&prefix=p%2F");
  network_->answer(200, page("p/1", "t"));
  store()->list("p/", [](const BlobInfo&) { return false; });
  network_->answer(200, page("p/1", "t"));
  network_->answer(200, page("p/1", "t"));
  raised(ErrorCode::storage_failed,
         [&] { store()->list("p/", [](const BlobInfo&) { return true; }); });
}

TEST_F(S3Store, APageThatIsCutOffIsNotTheEndOfTheList) {
  network_->answer(200, "<ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents>");
  raised(ErrorCode::storage_failed, [&] { store()->list("", [](const auto&) { return true; }); });
}

TEST_F(S3Store, RemovesAThousandNamesACall) {
  network_->answer(200, "<DeleteResult/>");
  network_->answer(200, "<DeleteResult/>");
  std::vector<std::string> names(1'001, "a&b");
  store()->remove_all(names);
  ASSERT_EQ(network_->sent.size(), 2U);
  EXPECT_EQ(query_of(0), "delete=");
  const auto& last = network_->sent[1];
  EXPECT_NE(last.body.find("<Object><Key>a&amp;b</Key></Object><Quiet>true</Quiet>"),
            std::string::npos);
  EXPECT_EQ(last.header("Content-MD5").size(), 24U);
  EXPECT_EQ(last.header("x-amz-content-sha256"), hex(sha256(last.body)));
}

TEST_F(S3Store, GoesOnPastNamesThatCannotBeRemoved) {
  network_->answer(200,
                   "<DeleteResult><Error><Key>x</Key><Code>AccessDenied</Code></Error>"
                   "</DeleteResult>");
  network_->answer(200, "<DeleteResult><Error><Code>NoSuchKey</Code></Error></DeleteResult>");
  const std::vector<std::string> names(1'500, "x");
  const auto message = raised(ErrorCode::storage_failed, [&] { store()->remove_all(names); });
  EXPECT_NE(message.find("s3:DeleteObject"), std::string::npos);
  EXPECT_EQ(network_->sent.size(), 2U);
}

TEST_F(S3Store, RemovesOneByOneWhereManyCannotBe) {
  network_->answer(501, s3_error("NotImplemented"));
  network_->answer(204, "");
  network_->answer(204, "");
  store()->remove_all(std::vector<std::string>{"a", "b"});
  EXPECT_EQ(methods(), "POST DELETE DELETE");
}

TEST_F(S3Store, MakesUrlsOfDomainThenEndpointOrSigned) {
  S3Options with = options();
  EXPECT_EQ(store(with)->url("a b"), "https://account.r2.cloudflarestorage.com/tales/a%20b");
  with.sign_urls = true;
  const std::string url = store(with)->url("a b");
  EXPECT_TRUE(url.starts_with("https://account.r2.cloudflarestorage.com/tales/a%20b?X-Amz-Alg"));
  EXPECT_NE(url.find("&X-Amz-Expires=3600&X-Amz-Signature="), std::string::npos);
  with.custom_domain = "cdn.example.org";
  EXPECT_EQ(store(with)->url("a b"), "https://cdn.example.org/a%20b");
  EXPECT_EQ(store(with)->local_path("a"), std::nullopt);
}

TEST_F(S3Store, TakesForeignNamesButWritesOnlyOurs) {
  network_->answer(200, "x");
  EXPECT_TRUE(store()->get("a//../+%"));
  EXPECT_EQ(network_->sent[0].url, "https://account.r2.cloudflarestorage.com/tales/a//../%2B%25");
  raised(ErrorCode::bad_request, [&] { store()->put_if_absent("a//b", bytes(), {}); });
  raised(ErrorCode::bad_request, [&] { store()->get(""); });
  raised(ErrorCode::bad_request, [&] { store()->remove(""); });
  raised(ErrorCode::bad_request, [&] { store()->remove_all(std::vector<std::string>{""}); });
}

TEST_F(S3Store, ChecksABucketByAnObjectThatIsNotThere) {
  network_->answer(404, s3_error("NoSuchKey"));
  EXPECT_NO_THROW(store()->check());
  network_->answer(404, "<html>no such page</html>");
  const auto message = raised(ErrorCode::storage_failed, [&] { store()->check(); });
  EXPECT_NE(message.find("AWS_S3_ENDPOINT_URL"), std::string::npos);
  network_->answer(404, s3_error("NoSuchBucket"));
  raised(ErrorCode::storage_failed, [&] { store()->check(); });
}

TEST_F(S3Store, RefusesSettingsThatCannotBe) {
  const auto refused = [&](const std::function<void(S3Options&)>& spoil) {
    S3Options with = options();
    spoil(with);
    const auto message = raised(ErrorCode::config_invalid, [&] { store(with); });
    EXPECT_EQ(message.find("EXAMPLE"), std::string::npos) << message;
  };
  refused([](S3Options& with) { with.secret_access_key.clear(); });
  refused([](S3Options& with) { with.access_key_id = "AKIA EXAMPLE"; });
  refused([](S3Options& with) { with.part_bytes = 1'000; });
  refused([](S3Options& with) { with.url_lifetime = std::chrono::hours(169); });
  refused([](S3Options& with) { with.custom_domain = "cdn.example.org/a?b"; });
  refused([](S3Options& with) { with.acl = "public read\r\n"; });
  refused([](S3Options& with) { with.timeout = std::chrono::milliseconds(0); });
}

}  // namespace
}  // namespace bhashatts::blob
