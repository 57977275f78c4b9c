// Each attempt is signed anew, for a signature is as old as its date; the hash of the body, which
// is what signing costs, is made once a call. A refusal that a wrong clock may be behind is not an
// attempt: it is answered with one more signature, by the time that the server told.
#include "blob/s3_client.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <random>
#include <utility>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "net/header_values.h"
#include "net/secrets.h"

namespace bhashatts::blob {
namespace {

// Stores allow 15 minutes; what is less than this is not worth another signature.
constexpr std::int64_t kLeastSkew = 240;  // s

double random_part() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

S3Surroundings completed(S3Surroundings around) {
  if (around.waiter == nullptr) around.waiter = &real_waiter();
  if (!around.jitter) around.jitter = random_part;
  if (!around.unix_seconds) around.unix_seconds = unix_seconds;
  return around;
}

Credentials credentials_of(const S3Options& options) {
  Credentials credentials{
      .access_key_id = net::checked_token(options.access_key_id, "AWS_ACCESS_KEY_ID"),
      .secret_access_key = net::checked_token(options.secret_access_key, "AWS_SECRET_ACCESS_KEY"),
      .session_token = net::checked_token(options.session_token, "the session token")};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    throw Error(ErrorCode::config_invalid,
                "the S3 store needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  return credentials;
}

}  // namespace

// What came of one exchange: a reply, or why there is none.
struct S3Client::Attempt {
  std::optional<net::HttpReply> reply = {};
  std::optional<Error> error = {};
  S3Fault fault = S3Fault::none;
  std::optional<std::chrono::milliseconds> wanted_wait = {};
};

S3Client::S3Client(const S3Options& options, std::shared_ptr<net::Transport> transport,
                   const S3Surroundings& around)
    : address_(options),
      credentials_(credentials_of(options)),
      timeout_(options.timeout),
      transport_(std::move(transport)),
      around_(completed(around)) {}

std::optional<net::HttpReply> S3Client::send_unless(const std::function<bool()>& settled,
                                                    const S3Call& call) {
  const std::string payload_hash = hex(sha256(call.body));
  Patience patience = this->patience(call.patience);
  for (;;) {
    Attempt made = attempt(call, payload_hash, patience.until());
    if (made.fault == S3Fault::none && made.reply) patience.succeeded();
    if (!patience.again(made.fault, made.wanted_wait)) {
      if (made.error) throw Error(*std::move(made.error));
      return std::move(made.reply);
    }
    if (settled && settled()) return std::nullopt;
  }
}

S3Client::Attempt S3Client::attempt(const S3Call& call, const std::string& payload_hash,
                                    std::chrono::steady_clock::time_point until) {
  Attempt made;
  try {
    made.reply = transport_->send(request(call, payload_hash, until));
    if (may_be_skew(*made.reply) && learn_clock(*made.reply)) {
      made.reply = transport_->send(request(call, payload_hash, until));
    }
    made.fault = fault_of(*made.reply);
    if (made.reply->status == 409 && call.conflict_is_final) made.fault = S3Fault::none;
    if (made.fault != S3Fault::none) made.wanted_wait = net::wanted_wait(*made.reply);
  } catch (const net::TransportError& failure) {
    made.reply.reset();
    made.error = error_of(failure);
    // After a time-out there is no time left to try again in.
    const bool passing = failure.retryable() && failure.code() == ErrorCode::unreachable;
    made.fault = passing ? S3Fault::transient : S3Fault::none;
  }
  return made;
}

net::HttpRequest S3Client::request(const S3Call& call, const std::string& payload_hash,
                                   std::chrono::steady_clock::time_point until) const {
  SigningRequest plain{.method = std::string(call.method),
                       .path = address_.path(call.key),
                       .query = call.query,
                       .headers = call.headers,
                       .payload_hash = payload_hash};
  plain.headers.push_back({"Host", address_.host()});
  Signed with_signature = sign_headers(std::move(plain), credentials_, scope());
  net::HttpRequest request;
  request.method = call.method;
  request.url = address_.url(with_signature.request.path);
  if (!call.query.empty()) request.url += "?" + encoded_query(call.query);
  request.headers = std::move(with_signature.request.headers);
  std::erase_if(request.headers, [](const auto& header) { return header.name == "Host"; });
  request.body = call.body;
  request.deadline = until;
  request.max_response_bytes = call.max_response_bytes;
  return request;
}

SigningScope S3Client::scope() const {
  const auto skew = skew_seconds_.load(std::memory_order_relaxed);
  return {.region = address_.region(), .unix_seconds = around_.unix_seconds() + skew};
}

// Returns whether the request was signed with a time that the store's clock does not know.
bool S3Client::learn_clock(const net::HttpReply& reply) {
  const std::int64_t now = around_.unix_seconds();
  const auto theirs = net::parse_http_date(reply.header("date"), now);
  if (!theirs) return false;
  const std::int64_t skew = *theirs - now;
  const std::int64_t known = skew_seconds_.load(std::memory_order_relaxed);
  if (std::llabs(skew - known) < kLeastSkew) return false;
  skew_seconds_.store(skew, std::memory_order_relaxed);
  log(LogLevel::warning, "blob.s3",
      "the object store's clock differs from this machine's by " + std::to_string(skew) +
          " s; requests are signed with its time: set this machine's clock");
  return true;
}

Patience S3Client::patience(PatienceTerms terms) {
  return Patience(quota_, *around_.waiter, around_.jitter, timeout_, terms);
}

std::optional<BlobInfo> S3Client::info_of(std::string_view key, PatienceTerms patience) {
  const S3Call call{.method = "HEAD", .key = key, .rights = "s3:GetObject", .patience = patience};
  const net::HttpReply reply = send(call);
  if (reply.status == 404) return std::nullopt;
  if (!reply.ok()) throw error(reply, call);
  const std::string_view length = reply.header("content-length");
  BlobInfo info{.name = std::string(key),
                .identity = std::string(reply.header("x-amz-meta-identity"))};
  std::from_chars(length.data(), length.data() + length.size(), info.size_bytes);
  return info;
}

Error S3Client::error(const net::HttpReply& reply, const S3Call& call) const {
  return error_of(reply, call.rights, credentials_.secret_access_key);
}

Error S3Client::error(const S3Trouble& trouble, const S3Call& call) const {
  return error_of(trouble, call.rights, credentials_.secret_access_key);
}

std::string S3Client::url(std::string_view key) const { return address_.url(address_.path(key)); }

std::string S3Client::presigned_url(std::string_view key, std::chrono::seconds lifetime) const {
  SigningRequest plain{.method = "GET",
                       .path = address_.path(key),
                       .headers = {{"Host", address_.host()}},
                       .payload_hash = std::string(kUnsignedPayload)};
  const Signed with_signature = presign(std::move(plain), credentials_, scope(), lifetime);
  return address_.url(with_signature.request.path) + "?" +
         encoded_query(with_signature.request.query);
}

}  // namespace bhashatts::blob
