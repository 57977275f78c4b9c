// AWS Signature Version 4: what is signed, and the signature.
//
// The steps are public one by one, so that AWS's own test suite can compare each. S3 differs from
// all other services in three things, which are the options: a path is signed as it is sent, it is
// never normalised (names may hold "//" and ".."), and the hash of the body is a header.
//
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"

namespace bhashatts::blob {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: none
};

struct SigningScope {
  std::string region;
  std::string service = "s3";
  std::int64_t unix_seconds = 0;
};

struct SigningOptions {  // S3's
  bool double_encode = false;
  bool normalize_path = false;
  bool sign_body_header = true;  // x-amz-content-sha256
  bool sign_token = true;        // the session token; else it is sent unsigned
};

inline constexpr SigningOptions kS3Signing{};
inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

using Query = std::vector<std::pair<std::string, std::string>>;  // names and values, not encoded

struct SigningRequest {
  std::string method;
  std::string path;                  // as in the request line, without the query
  Query query = {};                  //
  std::vector<net::Header> headers;  // all of them are signed; Host is one
  std::string payload_hash;          // SHA-256 in hex, or kUnsignedPayload
};

struct Signed {
  SigningRequest request;  // with what the signature added: headers, or parameters of the query
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
};

// "a=1&b=x%20y": encoded, and in the order in which it is signed.
std::string encoded_query(const Query& query);

std::string canonical_request(const SigningRequest& request, const SigningOptions& options);
std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope);
std::string signature(std::string_view string_to_sign, const Credentials& credentials,
                      const SigningScope& scope);

// Adds X-Amz-Date, X-Amz-Security-Token, x-amz-content-sha256 (by option) and Authorization.
Signed sign_headers(SigningRequest request, const Credentials& credentials,
                    const SigningScope& scope, const SigningOptions& options = kS3Signing);

// Adds the same to the query: whoever has the URL may make this one request until it expires.
Signed presign(SigningRequest request, const Credentials& credentials, const SigningScope& scope,
               std::chrono::seconds lifetime, const SigningOptions& options = kS3Signing);

}  // namespace bhashatts::blob
