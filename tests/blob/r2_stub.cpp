#include "tests/blob/r2_stub.h"

#include <array>
#include <cstdlib>
#include <ctime>

#include "base/hash.h"
#include "blob/sigv4.h"

namespace bhashatts::testing {
namespace {

constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

ScriptedReply refusal(int status, const std::string& code, const std::string& message = "") {
  return ScriptedReply::text(status, "<?xml version=\"1.0\"?><Error><Code>" + code +
                                         "</Code><Message>" + message + "</Message></Error>")
      .with("Content-Type", "application/xml");
}

std::tm utc(std::int64_t unix_seconds) {
  const auto time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  return parts;
}

std::string http_date(std::int64_t unix_seconds) {
  const std::tm parts = utc(unix_seconds);
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

std::int64_t signed_time(const ReceivedRequest& request) {
  std::tm parts{};
  ::strptime(request.header("x-amz-date").c_str(), "%Y%m%dT%H%M%SZ", &parts);
  return ::timegm(&parts);
}

// Between two words of the Authorization header.
std::string part_of(const std::string& text, const std::string& before, char after) {
  const auto begin = text.find(before);
  if (begin == std::string::npos) return {};
  const auto from = begin + before.size();
  return text.substr(from, text.find(after, from) - from);
}

bool is_signed(const ReceivedRequest& request) {
  const std::string authorization = request.header("authorization");
  blob::SigningRequest again{.method = request.method,
                             .path = request.target.substr(0, request.target.find('?')),
                             .headers = {},
                             .payload_hash = request.header("x-amz-content-sha256")};
  std::string names = part_of(authorization, "SignedHeaders=", ',') + ";";
  for (auto end = names.find(';'); end != std::string::npos; end = names.find(';')) {
    again.headers.push_back({names.substr(0, end), request.header(names.substr(0, end))});
    names.erase(0, end + 1);
  }
  const blob::SigningScope scope{.region = "us-east-1", .unix_seconds = signed_time(request)};
  const auto to_sign =
      blob::string_to_sign(blob::canonical_request(again, blob::kS3Signing), scope);
  return authorization.ends_with("Signature=" + blob::signature(to_sign, {"", kSecret, ""}, scope));
}

}  // namespace

blob::S3Options R2Stub::options() const {
  blob::S3Options options;
  options.endpoint = origin();
  options.bucket = "tales";
  options.access_key_id = "AKIAIOSFODNN7EXAMPLE";
  options.secret_access_key = kSecret;
  return options;
}

bool R2Stub::has(const std::string& path) const {
  MutexLock lock(mutex_);
  return objects_.contains(path);
}

ScriptedReply R2Stub::answer(const ReceivedRequest& request) {
  const auto dated = [&](ScriptedReply reply) {
    return std::move(reply).with("Date", http_date(unix_seconds()));
  };
  if (!request.header("expect").empty()) return ScriptedReply::never();
  if (std::llabs(signed_time(request) - unix_seconds()) > 300) {
    return dated(refusal(403, "RequestTimeTooSkewed"));
  }
  if (!is_signed(request)) return dated(refusal(403, "SignatureDoesNotMatch"));
  if (request.method == "PUT") return dated(write(request.target, request));
  return dated(read(request.target));
}

ScriptedReply R2Stub::write(const std::string& path, const ReceivedRequest& request) {
  if (!request.header("x-amz-acl").empty()) {
    return refusal(501, "NotImplemented", "Header 'x-amz-acl' with value is not implemented");
  }
  if (request.header("content-length").empty()) return refusal(411, "MissingContentLength");
  if (hex(sha256(request.body)) != request.header("x-amz-content-sha256")) {
    return refusal(400, "XAmzContentSHA256Mismatch");
  }
  MutexLock lock(mutex_);
  const auto last = tried_ms_.find(path);
  if (last != tried_ms_.end() && clock_ms_ - last->second < 1'000) {
    return refusal(429, "TooManyRequests", "Reduce your concurrent request rate for the object");
  }
  tried_ms_[path] = clock_ms_;
  if (request.header("if-none-match") == "*" && objects_.contains(path)) {
    return refusal(412, "PreconditionFailed");
  }
  objects_[path] = request.body;
  return ScriptedReply::text(200, "").with("ETag", "\"1\"");
}

ScriptedReply R2Stub::read(const std::string& path) const {
  MutexLock lock(mutex_);
  const auto found = objects_.find(path);
  if (found == objects_.end()) return refusal(404, "NoSuchKey");
  return ScriptedReply::text(200, found->second);
}

}  // namespace bhashatts::testing
