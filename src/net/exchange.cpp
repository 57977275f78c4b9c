// Why so much is set by hand: curl's defaults are for a browser's errands. A call that is paid for
// must be made once, so what curl would repeat by itself (a request on a kept connection that broke
// before an answer came) is refused and reported as possibly sent; GET and HEAD may be repeated.
// A total deadline and a stop must hold at once, so curl is driven by its multi interface and
// polled no longer than the deadline, instead of trusting CURLOPT_TIMEOUT_MS and a progress
// callback that is asked once a second.
#include "net/exchange.h"

#include <sys/socket.h>

#include <algorithm>
#include <new>
#include <stop_token>
#include <utility>

#include "net/ascii.h"
#include "net/failure.h"
#include "net/secrets.h"

namespace bhashatts::net {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Of one answer with its interim ones. The longest known heads of honest servers are a tenth of it.
constexpr std::size_t kMaxHeaderLines = 300;
constexpr std::size_t kMaxHeaderBytes = 131'072;
constexpr std::size_t kMaxReserve = std::size_t{4} << 20;
constexpr long kReceiveBuffer = 65'536;
constexpr long kOldestConnection = 60;  // s; servers close idle ones about then
constexpr long kKeepAliveAfter = 30;    // s; a synthesis may be silent for minutes
constexpr milliseconds kLongestPoll{60'000};

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode result = curl_easy_setopt(easy, option, value);
  if (result == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (result != CURLE_OK) {
    throw Error(ErrorCode::internal,
                "the HTTP library refuses option " + std::to_string(static_cast<int>(option)));
  }
}

bool may_be_repeated(std::string_view method) { return method == "GET" || method == "HEAD"; }

// In the multi handle for as long as the object.
class Attached {
 public:
  explicit Attached(const CurlSession& session) : session_(session) {
    if (curl_multi_add_handle(session.multi.get(), session.easy.get()) != CURLM_OK) {
      throw Error(ErrorCode::internal, "the HTTP library takes no exchange");
    }
  }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;
  ~Attached() { curl_multi_remove_handle(session_.multi.get(), session_.easy.get()); }

 private:
  const CurlSession& session_;
};

}  // namespace

Exchange::Exchange(CurlSession& session, const Call& call, const Url& url,
                   const HeaderLines& headers, bool discard_redirect)
    : session_(session), call_(call), discard_redirect_(discard_redirect) {
  reply_.trace_id = call.trace_id;
  configure(url, headers);
}

// The handle must not keep what points here; its connections stay.
Exchange::~Exchange() { curl_easy_reset(session_.easy.get()); }

void Exchange::configure(const Url& url, const HeaderLines& headers) {
  CURL* const easy = session_.easy.get();
  set(easy, CURLOPT_URL, url.text().c_str());
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_HTTPHEADER, headers.list());
  set(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));  // none for a proxy
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_ERRORBUFFER, words_.data());
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(call_.options.connect_timeout.count()));
  set(easy, CURLOPT_BUFFERSIZE, kReceiveBuffer);
  set(easy, CURLOPT_MAXAGE_CONN, kOldestConnection);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_TCP_KEEPIDLE, kKeepAliveAfter);
  set(easy, CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy, CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(easy, CURLOPT_PREREQFUNCTION, &Exchange::on_ready);
  set(easy, CURLOPT_PREREQDATA, static_cast<void*>(this));
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &Exchange::on_socket);
#if LIBCURL_VERSION_NUM >= 0x075700
  // An exchange that ends while a name is being resolved does not wait for the resolver's thread.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
  configure_body();
  configure_tls();
}

void Exchange::configure_body() {
  CURL* const easy = session_.easy.get();
  const HttpRequest& request = call_.request;
  const bool has_body = !request.body.empty() || request.method == "POST" ||
                        request.method == "PUT" || request.method == "PATCH";
  if (request.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (has_body) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());  // no copy
  }
  const std::string method(request.method);
  if (method != "HEAD") set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void Exchange::configure_tls() {
  CURL* const easy = session_.easy.get();
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (call_.options.ca_file.empty()) return;
  set(easy, CURLOPT_CAINFO, call_.options.ca_file.c_str());
  set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // the system's directory
}

HttpReply Exchange::run() {
  session_.spoilt = true;  // until it ended well
  const CURLcode result = perform();
  if (result == CURLE_OK || refused_ == Refused::enough) {
    session_.spoilt = false;
    reply_.elapsed = call_.elapsed();
    return std::move(reply_);
  }
  raise(result);
}

// Ends as soon as there is a result, a request to stop, or no time left.
CURLcode Exchange::perform() {
  CURLM* const multi = session_.multi.get();
  const Attached attached(session_);
  const std::stop_callback wake(call_.request.stop, [multi] { curl_multi_wakeup(multi); });
  for (;;) {
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    int left_in_queue = 0;
    const CURLMsg* const message = curl_multi_info_read(multi, &left_in_queue);
    if (message != nullptr && message->msg == CURLMSG_DONE) return message->data.result;
    if (call_.request.stop.stop_requested()) raise_ended(true);
    if (Clock::now() >= call_.request.deadline) raise_ended(false);
    curl_multi_poll(multi, nullptr, 0, poll_ms(), nullptr);
  }
}

int Exchange::poll_ms() const {
  const auto left = std::chrono::ceil<milliseconds>(call_.request.deadline - Clock::now());
  return static_cast<int>(std::clamp(left, milliseconds(0), kLongestPoll).count());
}

bool Exchange::refuse(Refused why) noexcept {
  refused_ = why;
  return false;
}

std::size_t Exchange::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  try {
    return exchange.take_header({data, size * count}) ? size * count : 0;
  } catch (...) {
    exchange.raised_ = std::current_exception();
    exchange.refuse(Refused::raised);
    return 0;
  }
}

std::size_t Exchange::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  try {
    return exchange.take_body({data, size * count}) ? size * count : 0;
  } catch (...) {
    exchange.raised_ = std::current_exception();
    exchange.refuse(Refused::raised);
    return 0;
  }
}

// Called when a connection stands and the request is about to leave; a second time when curl is
// about to repeat it on another connection.
int Exchange::on_ready(void* self, char*, char*, int, int) {
  auto& exchange = *static_cast<Exchange*>(self);
  if (++exchange.times_ready_ == 1 || may_be_repeated(exchange.call_.request.method)) {
    return CURL_PREREQFUNC_OK;
  }
  exchange.refuse(Refused::would_repeat);
  return CURL_PREREQFUNC_ABORT;
}

// As curl's own, but that programs which the host starts do not inherit the connection.
curl_socket_t Exchange::on_socket(void*, curlsocktype, curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// A status line begins an answer (an interim one may come before it), an empty line ends its head;
// what comes after that are trailers, which nobody asked for.
bool Exchange::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (++header_lines_ > kMaxHeaderLines || header_bytes_ > kMaxHeaderBytes) {
    return refuse(Refused::too_many_headers);
  }
  if (reply_.status < 200 && !in_head_ && line.starts_with("HTTP/")) {
    reply_.headers.clear();
    in_head_ = true;
  } else if (in_head_ && trimmed(line).empty()) {
    in_head_ = false;
    long status = 0;
    curl_easy_getinfo(session_.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    reply_.status = static_cast<int>(status);
  } else if (in_head_) {
    take_field(line);
  }
  return true;
}

void Exchange::take_field(std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t')) {  // the old way to go on with a value
    if (!reply_.headers.empty()) reply_.headers.back().value.append(" ").append(trimmed(line));
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  reply_.headers.push_back(
      {lowered(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))});
}

bool Exchange::take_body(std::string_view piece) {
  body_bytes_ += piece.size();
  if (body_bytes_ > call_.request.max_response_bytes) return refuse(Refused::too_long);
  const bool leads_on = reply_.status / 100 == 3 && !reply_.header("location").empty();
  if (discard_redirect_ && leads_on) return true;
  if (call_.request.on_data && reply_.ok()) {
    return call_.request.on_data(piece) || refuse(Refused::enough);
  }
  if (reply_.body.empty()) {
    curl_off_t length = 0;  // as claimed, or -1
    curl_easy_getinfo(session_.easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    const auto claimed = static_cast<std::size_t>(std::max<curl_off_t>(length, 0));
    reply_.body.reserve(std::min(claimed, kMaxReserve));
  }
  reply_.body += piece;
  return true;
}

void Exchange::raise(CURLcode result) const {
  if (refused_ == Refused::raised) std::rethrow_exception(raised_);
  const Progress progress = how_far(result);
  const auto error = [&] {
    switch (refused_) {
      case Refused::too_long: return too_long(call_.request.max_response_bytes, progress);
      case Refused::too_many_headers: return not_http(progress);
      case Refused::would_repeat: return broken_off(progress);
      default: return failure_of(result, progress);
    }
  };
  throw TransportError(error(), progress.sent, call_.elapsed());
}

void Exchange::raise_ended(bool stopped) const {
  const Progress progress = how_far(CURLE_OK);
  throw TransportError(stopped ? cancelled(progress) : timed_out(progress), progress.sent,
                       call_.elapsed());
}

// A request whose sending failed has not left as a whole, whatever else happened to it.
Progress Exchange::how_far(CURLcode result) const {
  Progress progress;
  progress.sent = times_ready_ > 0 && result != CURLE_SEND_ERROR;
  progress.status = reply_.status;
  progress.body_bytes = body_bytes_;
  curl_easy_getinfo(session_.easy.get(), CURLINFO_HTTP_CONNECTCODE, &progress.proxy_status);
  progress.words = refused_ == Refused::would_repeat ? "the kept connection ended unanswered"
                                                     : redacted(words_.data(), call_.token);
  progress.trace_id = redacted(call_.trace_id, call_.token);
  return progress;
}

}  // namespace bhashatts::net
