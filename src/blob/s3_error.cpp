// Every trouble of a store is a 6xx, also one that a wrong setting causes: config_invalid would
// tell the caller of a speech that the speech was asked for wrongly. The message names the setting.
#include "blob/s3_error.h"

#include <algorithm>
#include <array>
#include <optional>

#include "net/ascii.h"
#include "net/header_values.h"
#include "net/retry.h"
#include "net/secrets.h"

namespace bhashatts::blob {
namespace {

template <std::size_t Count>
bool is_among(std::string_view code, const std::array<std::string_view, Count>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool is_throttling(std::string_view code) {
  constexpr std::array<std::string_view, 9> kCodes{"SlowDown",
                                                   "TooManyRequests",
                                                   "TooManyRequestsException",
                                                   "RequestThrottled",
                                                   "RequestLimitExceeded",
                                                   "BandwidthLimitExceeded",
                                                   "LimitExceededException",
                                                   "PriorRequestNotComplete",
                                                   "EC2ThrottledException"};
  return code.starts_with("Throttl") || is_among(code, kCodes);
}

bool is_passing(std::string_view code) {
  constexpr std::array<std::string_view, 6> kCodes{"InternalError",  "ServiceUnavailable",
                                                   "RequestTimeout", "RequestTimeoutException",
                                                   "ServerBusy",     "OperationAborted"};
  return is_among(code, kCodes);
}

bool is_of_clock(std::string_view code) {
  constexpr std::array<std::string_view, 4> kCodes{"RequestTimeTooSkewed", "RequestExpired",
                                                   "RequestInTheFuture", "InvalidDate"};
  return is_among(code, kCodes);
}

bool is_of_key(std::string_view code, int status) {
  constexpr std::array<std::string_view, 6> kCodes{
      "InvalidAccessKeyId", "InvalidAccessKey", "UnrecognizedClientException",
      "Unauthorized",       "AuthFailure",      "XAdminUserNotFound"};
  return is_among(code, kCodes) || (status == 401 && code.empty());
}

bool is_of_token(std::string_view code) {
  constexpr std::array<std::string_view, 3> kCodes{"ExpiredToken", "InvalidToken",
                                                   "TokenRefreshRequired"};
  return is_among(code, kCodes);
}

bool is_of_region(std::string_view code, int status) {
  constexpr std::array<std::string_view, 5> kCodes{
      "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect",
      "IllegalLocationConstraintException", "InvalidRegion"};
  return is_among(code, kCodes) || status / 100 == 3;
}

bool is_full(std::string_view code, int status) {
  constexpr std::array<std::string_view, 6> kCodes{
      "QuotaExceeded",       "XMinioStorageFull",    "StorageFull",
      "InsufficientStorage", "InsufficientCapacity", "AdminBucketQuotaExceeded"};
  return is_among(code, kCodes) || status == 507;
}

// A word of the server's that a message may hold: short, and of letters.
std::string word(std::string_view text) {
  const auto fits = [](char c) { return net::is_alnum(c) || c == '-' || c == '_' || c == '.'; };
  const bool good = text.size() <= 60 && std::all_of(text.begin(), text.end(), fits);
  return good ? std::string(text) : std::string();
}

std::string region_hint(const net::HttpReply& reply, const S3Trouble& trouble) {
  std::string region = word(reply.header("x-amz-bucket-region"));
  if (region.empty()) region = word(trouble.region);
  return region.empty() ? "the bucket's region" : region;
}

std::string rights_message(std::string_view rights) {
  return "the object store does not allow this: the key needs the right " + std::string(rights) +
         " on this bucket and its objects (without s3:ListBucket even an object that is not there "
         "is answered so)";
}

// HEAD is refused without a word of why.
std::string wordless_message(std::string_view rights) {
  return "the object store refuses without saying why: check AWS_ACCESS_KEY_ID, "
         "AWS_SECRET_ACCESS_KEY, this machine's clock, and that the key has the right " +
         std::string(rights) + " on this bucket and its objects";
}

// Empty where the reply is none that a setting could mend.
std::string setting_message(const net::HttpReply& reply, const S3Trouble& trouble,
                            std::string_view rights) {
  const std::string& code = trouble.code;
  if (code == "NoSuchBucket") {
    return "the bucket does not exist: check AWS_STORAGE_BUCKET_NAME and AWS_S3_ENDPOINT_URL, or "
           "create it";
  }
  if (is_of_key(code, reply.status)) {
    return "the object store does not know the access key: check AWS_ACCESS_KEY_ID";
  }
  if (code == "SignatureDoesNotMatch") {
    return "the object store does not accept the signature: check AWS_SECRET_ACCESS_KEY (and, "
           "behind a proxy, that it leaves path and Host alone)";
  }
  if (is_of_token(code)) return "the session token of the access key has expired: renew it";
  if (is_of_clock(code)) {
    return "this machine's clock and the object store's differ too much: set this machine's clock";
  }
  if (is_of_region(code, reply.status)) {
    return "the bucket is not in the region that is configured: set AWS_S3_REGION_NAME to " +
           region_hint(reply, trouble) + ", and check AWS_S3_ENDPOINT_URL";
  }
  if (reply.status != 403) return {};
  return code.empty() ? wordless_message(rights) : rights_message(rights);
}

std::string other_message(const net::HttpReply& reply, const std::string& code, S3Fault fault) {
  if (fault == S3Fault::throttled)
    return "the object store asks for fewer requests; try again later";
  if (fault == S3Fault::transient) return "the object store cannot serve just now; try again later";
  if (code == "EntityTooLarge" || reply.status == 413) {
    return "the object is larger than the object store takes";
  }
  std::string message = "the object store refused with status " + std::to_string(reply.status);
  if (!word(code).empty()) message += " (" + word(code) + ")";
  return message + "; check that AWS_S3_ENDPOINT_URL is the address of an S3 service";
}

std::string detail_of(const net::HttpReply& reply, const S3Trouble& trouble,
                      std::string_view secret) {
  std::string_view id = reply.header("x-amz-request-id");
  if (id.empty()) id = reply.header("cf-ray");
  std::string detail = "status " + std::to_string(reply.status);
  if (!trouble.code.empty()) detail += ", code " + trouble.code;
  if (!trouble.message.empty()) detail += ": " + trouble.message;
  if (!id.empty()) detail += "; request id " + std::string(id);
  return net::redacted(detail, secret);
}

S3Fault fault_of(int status, std::string_view code) {
  if (status == 429 || is_throttling(code)) return S3Fault::throttled;
  const bool passing = net::is_retryable_status(status) || status == 409 || is_passing(code);
  return passing ? S3Fault::transient : S3Fault::none;
}

Error error_of(const net::HttpReply& reply, const S3Trouble& trouble, std::string_view rights,
               std::string_view secret) {
  std::string detail = detail_of(reply, trouble, secret);
  if (is_full(trouble.code, reply.status)) {
    return Error(ErrorCode::storage_full,
                 "the object store has no room left: raise its quota or remove objects", true)
        .detailed(std::move(detail));
  }
  const S3Fault fault = fault_of(reply.status, trouble.code);
  std::string message = setting_message(reply, trouble, rights);
  if (message.empty()) message = other_message(reply, trouble.code, fault);
  const auto wait = net::wanted_wait(reply).value_or(std::chrono::milliseconds(0));
  return Error(ErrorCode::storage_failed, std::move(message), fault != S3Fault::none, wait)
      .detailed(std::move(detail));
}

}  // namespace

std::string code_of(const net::HttpReply& reply) {
  const auto trouble = parse_error(reply.body);
  return trouble ? trouble->code : std::string();
}

S3Fault fault_of(const net::HttpReply& reply) {
  return reply.ok() ? S3Fault::none : fault_of(reply.status, code_of(reply));
}

bool may_be_skew(const net::HttpReply& reply) {
  if (reply.status < 400 || reply.status > 403) return false;
  const auto trouble = parse_error(reply.body);
  return !trouble || is_of_clock(trouble->code) || trouble->code == "SignatureDoesNotMatch" ||
         is_of_key(trouble->code, reply.status) || trouble->code == "AccessDenied";
}

Error error_of(const net::HttpReply& reply, std::string_view rights, std::string_view secret) {
  return error_of(reply, parse_error(reply.body).value_or(S3Trouble{}), rights, secret);
}

Error error_of(const S3Trouble& trouble, std::string_view rights, std::string_view secret) {
  net::HttpReply reply;
  reply.status = trouble.code == "AccessDenied" ? 403 : 400;
  return error_of(reply, trouble, rights, secret);
}

Error error_of(const net::TransportError& failure) {
  const bool ours = failure.code() == ErrorCode::cancelled ||
                    failure.code() == ErrorCode::out_of_memory ||
                    failure.code() == ErrorCode::internal;
  const std::string message =
      ours ? failure.what() : std::string("object store: ") + failure.what();
  return Error(ours ? failure.code() : ErrorCode::storage_failed, message, failure.retryable())
      .detailed(failure.detail());
}

}  // namespace bhashatts::blob
