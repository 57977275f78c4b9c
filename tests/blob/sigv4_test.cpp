#include "blob/sigv4.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "blob/object_name.h"

namespace bhashatts::blob {
namespace {

// The key, time and bucket of the examples in Amazon's reference of S3; the signatures are theirs.
const Credentials kExample{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                           .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                           .session_token = ""};
const SigningScope kThen{
    .region = "us-east-1", .service = "s3", .unix_seconds = 1'369'353'600};  // 2013-05-24

SigningRequest example(std::string method, std::string path, Query query = {},
                       std::vector<net::Header> headers = {}, std::string_view body = {}) {
  headers.push_back({"Host", "examplebucket.s3.amazonaws.com"});
  return {.method = std::move(method),
          .path = std::move(path),
          .query = std::move(query),
          .headers = std::move(headers),
          .payload_hash = hex(sha256(body))};
}

std::string signature_of(SigningRequest request) {
  return sign_headers(std::move(request), kExample, kThen).signature;
}

std::string header_of(const Signed& with_signature, std::string_view name) {
  for (const auto& header : with_signature.request.headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

TEST(SigV4, SignsAmazonsExamplesOfReading) {
  EXPECT_EQ(signature_of(example("GET", "/test.txt", {}, {{"Range", "bytes=0-9"}})),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  EXPECT_EQ(signature_of(example("GET", "/", {{"lifecycle", ""}})),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(signature_of(example("GET", "/", {{"prefix", "J"}, {"max-keys", "2"}})),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(SigV4, SignsAmazonsExampleOfWriting) {
  const auto request = example(
      "PUT", percent_encoded("/test$file.text"), {},
      {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
      "Welcome to Amazon S3.");
  EXPECT_EQ(signature_of(request),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(SigV4, SignsAmazonsExampleOfAUrl) {
  SigningRequest request = example("GET", "/test.txt");
  request.payload_hash = kUnsignedPayload;
  const Signed url = presign(request, kExample, kThen, std::chrono::seconds(86'400));
  EXPECT_EQ(url.signature, "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  EXPECT_EQ(url.request.query.back().second, url.signature);
}

TEST(SigV4, SaysWhoSignedWhatAndWhen) {
  const Signed result = sign_headers(example("GET", "/test.txt"), kExample, kThen);
  EXPECT_EQ(header_of(result, "Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" +
                result.signature);
  EXPECT_EQ(header_of(result, "X-Amz-Date"), "20130524T000000Z");
  EXPECT_EQ(header_of(result, "x-amz-content-sha256"), hex(sha256("")));
}

TEST(SigV4, SignsASessionTokenWithTheRest) {
  Credentials temporary = kExample;
  temporary.session_token = "token/+=";
  const Signed result = sign_headers(example("GET", "/"), temporary, kThen);
  EXPECT_EQ(header_of(result, "X-Amz-Security-Token"), "token/+=");
  EXPECT_NE(result.canonical_request.find("x-amz-security-token:token/+=\n"), std::string::npos);
  const Signed url = presign(example("GET", "/"), temporary, kThen, std::chrono::seconds(60));
  EXPECT_NE(url.canonical_request.find("&X-Amz-Security-Token=token%2F%2B%3D&"), std::string::npos);
}

// S3 does not normalise: "a//b", "a/./b" and "a/../b" are names of three objects.
TEST(SigV4, LeavesAPathOfS3AsItIsSent) {
  const std::string path = percent_encoded("/a//b/./../ +%~क");
  EXPECT_EQ(path, "/a//b/./../%20%2B%25~%E0%A4%95");
  const auto canonical = canonical_request(example("GET", path), kS3Signing);
  EXPECT_TRUE(canonical.starts_with("GET\n" + path + "\n\n")) << canonical;
}

TEST(SigV4, NormalisesAndEncodesAgainForOtherServices) {
  const SigningOptions others{
      .double_encode = true, .normalize_path = true, .sign_body_header = false};
  const auto line = [&](const char* path) {
    const auto canonical = canonical_request(example("GET", path), others);
    return canonical.substr(4, canonical.find('\n', 4) - 4);
  };
  EXPECT_EQ(line("/a//b/./../%20"), "/a/%2520");
  EXPECT_EQ(line("/../.."), "/");
  EXPECT_EQ(line("/a/b/.."), "/a/");
  EXPECT_EQ(line(""), "/");
}

TEST(SigV4, SortsTheQueryByWhatIsSent) {
  EXPECT_EQ(encoded_query({{"b", "2"}, {"a", "x y+%/"}, {"B", ""}, {"a", "1"}, {"ल", "~"}}),
            "%E0%A4%B2=~&B=&a=1&a=x%20y%2B%25%2F&b=2");
  EXPECT_EQ(encoded_query({}), "");
}

TEST(SigV4, JoinsHeadersOfOneNameInTheirOrder) {
  const auto canonical = canonical_request(
      example("GET", "/", {}, {{"B", "  2   3 "}, {"a", "z"}, {"A", "b"}, {"empty", "  "}}),
      kS3Signing);
  EXPECT_NE(canonical.find("\na:z,b\nb:2 3\nempty:\nhost:examplebucket"), std::string::npos);
}

}  // namespace
}  // namespace bhashatts::blob
