// One HTTP exchange, as everything that talks to a network sees it: synthesizers and stores.
//
// The seam is Transport; http_client.h holds the one over libcurl, and tests script their own. A
// reply with an error status is a reply, not an exception: only who asked knows what a 404 means.
//
// Thread rule: send() may be called from any thread at any time. After fork the child goes on with
// the same object; connections are never shared between processes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/error.h"

namespace bhashatts::net {

struct Header {
  std::string name;  // as sent; compared without case
  std::string value;
};

inline constexpr std::size_t kMaxResponseBytes = std::size_t{64} << 20;

enum class Redirects {
  refuse,  // a 3xx is a reply like any other
  follow,  // up to five, for GET and HEAD; from https only to https; the token goes nowhere but to
           // the origin (scheme, host, port) that it was meant for, nor does any of `headers` but
           // Accept and Range. What may not be followed raises upstream_failed.
};

struct HttpRequest {
  std::string_view method = "GET";
  std::string url;              // http or https; kept out of every message
  std::vector<Header> headers;  // besides Host, User-Agent and what follows
  std::string_view body = {};   // sent with a Content-Length; no "Expect: 100-continue"
  // Sent as "Authorization: Bearer ..."; empty: none. Kept out of every message and detail.
  std::string token = {};
  Redirects redirects = Redirects::refuse;
  // For the whole exchange: resolving, connecting, sending, and the last byte of the answer.
  std::chrono::steady_clock::time_point deadline;
  std::stop_token stop = {};  // ends the exchange at once, with cancelled
  std::size_t max_response_bytes = kMaxResponseBytes;
  // When set, gets the body piece by piece as it comes (the reply's stays empty); false ends the
  // exchange there, and the reply is returned as it is. Called for 2xx only; runs on the caller's
  // thread.
  std::function<bool(std::string_view)> on_data = {};
};

struct HttpReply {
  int status = 0;
  std::vector<Header> headers;  // of the last response, in order, names in lower case
  std::string body;
  std::chrono::milliseconds elapsed{0};  // of the exchange, without our own waiting for a turn
  std::string trace_id;                  // what we sent as X-Amzn-Trace-Id

  // The first one of that name (lower case); empty when there is none.
  std::string_view header(std::string_view name) const noexcept;
  bool ok() const noexcept { return status >= 200 && status < 300; }
  // The upstream's name for the call: x-request-id, else x-amzn-trace-id, else x-amz-cf-id; at most
  // 200 printable characters of it; empty when it gave none.
  std::string request_id() const;
};

// No reply came, or not all of it. Codes: unreachable (resolving, connecting, TLS, reset:
// retryable, but for TLS), upstream_timeout (the deadline; retryable), cancelled, upstream_failed
// (the answer is over max_response_bytes or is no HTTP), config_invalid (no URL, or another
// scheme; a token or header that no request may hold; a CA file that cannot be read). detail()
// holds curl's words, the trace id and how far it came; never the URL's path or query.
class TransportError : public Error {
 public:
  TransportError(Error error, bool sent, std::chrono::milliseconds elapsed)
      : Error(std::move(error)), sent_(sent), elapsed_(elapsed) {}

  // Whether the upstream may have got the whole request, and so may have worked, and billed.
  bool sent() const noexcept { return sent_; }
  std::chrono::milliseconds elapsed() const noexcept { return elapsed_; }

 private:
  bool sent_;
  std::chrono::milliseconds elapsed_;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Raises TransportError, and what on_data raises. One call is one request, GET and HEAD excepted:
  // whatever else may have arrived is not sent again, so that each is accounted for.
  virtual HttpReply send(const HttpRequest& request) = 0;
};

}  // namespace bhashatts::net
