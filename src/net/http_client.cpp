// Redirects are followed here and not by curl, which would take the caller's own headers along to
// another host, go from https to http, and send a POST's body as a GET.
#include "net/http_client.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/per_process.h"
#include "net/ascii.h"
#include "net/curl_session.h"
#include "net/exchange.h"
#include "net/secrets.h"
#include "net/url.h"

namespace bhashatts::net {
namespace {

constexpr int kMaxRedirects = 5;
constexpr std::string_view kTraceHeader = "X-Amzn-Trace-Id";

bool is_among(std::string_view name, const std::vector<Header>& headers) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const Header& header) { return same_without_case(header.name, name); });
}

// Version 4 of RFC 9562: 122 random bits. getrandom needs no state that a fork would copy.
std::string new_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[bytes[i] >> 4U];
    text += kDigits[bytes[i] & 15U];
  }
  return text;
}

std::string trace_id_of(const HttpRequest& request) {
  for (const Header& header : request.headers) {
    if (same_without_case(header.name, kTraceHeader)) return header.value;
  }
  return new_uuid();
}

std::string token_of(const HttpRequest& request) {
  try {
    return checked_token(request.token, "the token");
  } catch (Error& error) {
    throw TransportError(std::move(error), false, std::chrono::milliseconds(0));
  }
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// What a server that the caller did not choose may know of the request.
bool is_harmless(std::string_view name) {
  return same_without_case(name, "Accept") || same_without_case(name, "Range") ||
         same_without_case(name, kTraceHeader);
}

class HttpClient : public Transport {
 public:
  explicit HttpClient(const HttpOptions& options)
      : options_(options), pools_([] { return std::make_unique<SessionPool>(); }) {
    if (options_.user_agent.empty()) options_.user_agent = "bhashatts/" BHASHATTS_VERSION;
    start_curl();
  }

  HttpReply send(const HttpRequest& request) override {
    const Call call{request, options_, token_of(request), trace_id_of(request),
                    std::chrono::steady_clock::now()};
    refuse_early(call);
    const SessionPool::Lease session = pools_.get().take();
    Url url = first_url(call);
    const std::string home = url.origin();
    for (int followed = 0;; ++followed) {
      const HeaderLines headers = headers_for(call, url.origin() == home);
      HttpReply reply = Exchange(*session, call, url, headers, follows(request)).run();
      if (!follows(request) || !is_redirect(reply.status)) return reply;
      const std::string location(reply.header("location"));
      if (location.empty()) return reply;
      if (followed == kMaxRedirects) fail(call, "the server redirects without end");
      url = next_url(call, url, location);
    }
  }

 private:
  static bool follows(const HttpRequest& request) {
    return request.redirects == Redirects::follow &&
           (request.method == "GET" || request.method == "HEAD");
  }

  [[noreturn]] static void fail(const Call& call, const char* message) {
    throw TransportError(Error(ErrorCode::upstream_failed,
                               std::string(message) + "; check the address that is configured")
                             .detailed("trace id " + redacted(call.trace_id, call.token)),
                         true, call.elapsed());
  }

  // Before anything is opened: what no longer makes sense, and what could never be sent.
  static void refuse_early(const Call& call) {
    Progress progress;
    progress.trace_id = redacted(call.trace_id, call.token);
    const auto refuse = [&](Error error) {
      throw TransportError(std::move(error), false, call.elapsed());
    };
    if (call.request.stop.stop_requested()) refuse(cancelled(progress));
    if (call.started >= call.request.deadline) refuse(timed_out(progress));
  }

  static Url first_url(const Call& call) {
    if (auto url = Url::parse(call.request.url)) return *std::move(url);
    throw TransportError(
        Error(ErrorCode::config_invalid,
              "the address to call is no URL; give one that begins with https:// or http://"),
        false, call.elapsed());
  }

  static Url next_url(const Call& call, const Url& from, const std::string& location) {
    auto next = from.resolve(location);
    if (!next) fail(call, "the server redirects to what is no http or https address");
    if (from.secure() && !next->secure()) {
      fail(call, "the server redirects from https to http, which is not followed");
    }
    return *std::move(next);
  }

  HeaderLines headers_for(const Call& call, bool at_home) const {
    const HttpRequest& request = call.request;
    HeaderLines lines;
    lines.add(call, "User-Agent", options_.user_agent);
    if (!is_among(kTraceHeader, request.headers)) lines.add(call, kTraceHeader, call.trace_id);
    for (const Header& header : request.headers) {
      if (at_home || is_harmless(header.name)) lines.add(call, header.name, header.value);
    }
    if (at_home && !call.token.empty()) lines.add(call, "Authorization", "Bearer " + call.token);
    lines.suppress("Expect");
    if (!is_among("Content-Type", request.headers)) lines.suppress("Content-Type");
    return lines;
  }

  HttpOptions options_;
  PerProcess<SessionPool> pools_;
};

}  // namespace

std::shared_ptr<Transport> make_http_client(const HttpOptions& options) {
  return std::make_shared<HttpClient>(options);
}

}  // namespace bhashatts::net
