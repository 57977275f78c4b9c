// One signed call to a bucket, made again while that makes sense.
//
// Names of objects are taken as they are here, whatever they hold ("//", "..", '%'): a bucket that
// others filled can be read and tidied. What may be written is the store's business (s3_store.cpp).
//
// Thread rule: every member may be called from any thread. Shared state is atomic, so that a forked
// child can go on with the same object, as with its Transport.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/waiter.h"
#include "blob/s3_address.h"
#include "blob/s3_retry.h"
#include "blob/s3_store.h"
#include "blob/s3_xml.h"
#include "blob/sigv4.h"
#include "net/http.h"

namespace bhashatts::blob {

inline constexpr std::size_t kMostXml = std::size_t{16} << 20;

struct S3Call {
  std::string_view method = "GET";
  std::string_view key = {};  // empty: the bucket itself
  Query query = {};
  std::vector<net::Header> headers = {};
  std::string_view body = {};
  std::string_view rights = {};  // that it needs, for the message when they are missing
  std::size_t max_response_bytes = kMostXml;
  PatienceTerms patience = {};
  bool conflict_is_final = false;  // 409 is an answer
};

class S3Client {
 public:
  // Raises config_invalid where options cannot be.
  S3Client(const S3Options& options, std::shared_ptr<net::Transport> transport,
           const S3Surroundings& around = {});

  // A reply that no repetition will change, or the last one. Raises Error where none came.
  net::HttpReply send(const S3Call& call) { return *send_unless({}, call); }
  // As send(); `settled` is asked before each repetition, and where it says so there is none and no
  // reply.
  std::optional<net::HttpReply> send_unless(const std::function<bool()>& settled,
                                            const S3Call& call);
  // The size of an object; nothing when there is none. A bucket that is not there has none either:
  // HEAD cannot tell the two apart.
  std::optional<BlobInfo> info_of(std::string_view key, PatienceTerms patience = {});
  // What `reply` means, to be raised.
  Error error(const net::HttpReply& reply, const S3Call& call) const;
  Error error(const S3Trouble& trouble, const S3Call& call) const;

  std::string url(std::string_view key) const;
  // One GET, without a key of the reader's own.
  std::string presigned_url(std::string_view key, std::chrono::seconds lifetime) const;

  Patience patience(PatienceTerms terms = {});
  const S3Address& address() const noexcept { return address_; }

 private:
  struct Attempt;

  Attempt attempt(const S3Call& call, const std::string& payload_hash,
                  std::chrono::steady_clock::time_point until);
  net::HttpRequest request(const S3Call& call, const std::string& payload_hash,
                           std::chrono::steady_clock::time_point until) const;
  bool learn_clock(const net::HttpReply& reply);
  SigningScope scope() const;

  const S3Address address_;
  const Credentials credentials_;
  const std::chrono::milliseconds timeout_;
  const std::shared_ptr<net::Transport> transport_;
  const S3Surroundings around_;
  RetryQuota quota_;
  std::atomic<std::int64_t> skew_seconds_{0};  // the store's clock less ours
};

}  // namespace bhashatts::blob
