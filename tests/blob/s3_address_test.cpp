#include "blob/s3_address.h"

#include <gtest/gtest.h>

#include "tests/support/raised.h"

namespace bhashatts::blob {
namespace {

using Style = S3Options::Style;

S3Options at(const std::string& endpoint, const std::string& bucket = "tales",
             const std::string& region = "", Style style = Style::automatic) {
  S3Options options;
  options.endpoint = endpoint;
  options.bucket = bucket;
  options.region = region;
  options.style = style;
  return options;
}

std::string url(const S3Options& options) {
  const S3Address address(options);
  return address.url(address.path("k"));
}

TEST(S3Address, ChoosesTheRegion) {
  const auto region = [](const char* endpoint, const char* given) {
    return S3Address(at(endpoint, "tales", given)).region();
  };
  for (const char* undecided : {"", "auto"}) {
    EXPECT_EQ(region("https://a.r2.cloudflarestorage.com", undecided), "auto");
    EXPECT_EQ(region("https://s3.example", undecided), "us-east-1");
    EXPECT_EQ(region("", undecided), "us-east-1");
  }
  EXPECT_EQ(region("https://a.r2.cloudflarestorage.com", "weur"), "weur");
  EXPECT_EQ(region("", "ap-south-1"), "ap-south-1");
}

TEST(S3Address, PutsTheBucketWhereTheServerWantsIt) {
  EXPECT_EQ(url(at("")), "https://tales.s3.us-east-1.amazonaws.com/k");
  EXPECT_EQ(url(at("", "tales", "ap-south-1")), "https://tales.s3.ap-south-1.amazonaws.com/k");
  EXPECT_EQ(url(at("", "tales.of.us")), "https://s3.us-east-1.amazonaws.com/tales.of.us/k");
  EXPECT_EQ(url(at("https://s3.example")), "https://s3.example/tales/k");
  EXPECT_EQ(url(at("", "tales", "", Style::path)), "https://s3.us-east-1.amazonaws.com/tales/k");
  EXPECT_EQ(url(at("https://s3.example", "tales", "", Style::virtual_host)),
            "https://tales.s3.example/k");
  EXPECT_EQ(url(at("https://notamazonaws.com")), "https://notamazonaws.com/tales/k");
}

TEST(S3Address, NamesHostsAsCurlDoes) {
  const auto host = [](const char* endpoint) { return S3Address(at(endpoint)).host(); };
  EXPECT_EQ(host("HTTPS://S3.Example:443/"), "s3.example");
  EXPECT_EQ(host("http://s3.example:80"), "s3.example");
  EXPECT_EQ(host("http://s3.example:443"), "s3.example:443");
  EXPECT_EQ(host("http://[::1]:7070/"), "[::1]:7070");
  EXPECT_EQ(host("http://[::1]"), "[::1]");
}

TEST(S3Address, KeepsThePathOfAnEndpoint) {
  EXPECT_EQ(url(at("https://h/store/")), "https://h/store/tales/k");
  EXPECT_EQ(S3Address(at("https://h")).path(""), "/tales");
  EXPECT_EQ(S3Address(at("")).path(""), "/");
}

TEST(S3Address, KnowsWhoHeedsConditions) {
  EXPECT_TRUE(S3Address(at("")).known_to_be_conditional());
  EXPECT_TRUE(S3Address(at("https://a.eu.r2.cloudflarestorage.com")).known_to_be_conditional());
  EXPECT_FALSE(S3Address(at("https://s3.example")).known_to_be_conditional());
}

TEST(S3Address, RefusesWhatIsNoAddress) {
  const auto refused = [](const S3Options& options) {
    testing::raised(ErrorCode::config_invalid, [&] { S3Address address(options); });
  };
  for (const char* endpoint :
       {"s3.example", "ftp://s3.example", "https://", "https://me:secret@s3.example",
        "https://s3.example?x=1", "https://s3.example/#x", "https://s3.example/a b"}) {
    refused(at(endpoint));
  }
  for (const char* bucket : {"", "a/b", "a?b", "-a", "a b", "https://x"}) {
    refused(at("https://s3.example", bucket));
  }
  refused(at("https://s3.example", "tales", "us east"));
  refused(at("http://127.0.0.1:9", "tales", "", Style::virtual_host));
}

}  // namespace
}  // namespace bhashatts::blob
