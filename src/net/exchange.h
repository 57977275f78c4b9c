// One request and its answer over one curl session, without redirects.
//
// Thread rule: one thread.
#pragma once

#include <curl/curl.h>
#include <array>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "net/call.h"
#include "net/curl_session.h"
#include "net/failure.h"
#include "net/http.h"
#include "net/url.h"

namespace bhashatts::net {

class Exchange {
 public:
  // All of them outlive the exchange. discard_redirect: the body of a 3xx is not kept.
  Exchange(CurlSession& session, const Call& call, const Url& url, const HeaderLines& headers,
           bool discard_redirect);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Raises TransportError, and whatever on_data raises.
  HttpReply run();

 private:
  // Why we ended it ourselves, where curl only knows that a callback refused.
  enum class Refused { no, too_long, too_many_headers, enough, would_repeat, raised };

  void configure(const Url& url, const HeaderLines& headers);
  void configure_body();
  void configure_tls();
  CURLcode perform();
  int poll_ms() const;

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_ready(void* self, char*, char*, int, int);
  static curl_socket_t on_socket(void*, curlsocktype, curl_sockaddr* address);
  bool take_header(std::string_view line);
  void take_field(std::string_view line);
  bool take_body(std::string_view piece);
  bool refuse(Refused why) noexcept;

  Progress how_far(CURLcode result) const;
  [[noreturn]] void raise(CURLcode result) const;
  [[noreturn]] void raise_ended(bool stopped) const;

  CurlSession& session_;
  const Call& call_;
  const bool discard_redirect_;
  HttpReply reply_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  std::exception_ptr raised_;
  Refused refused_ = Refused::no;
  std::size_t header_bytes_ = 0;
  std::size_t header_lines_ = 0;
  bool in_head_ = false;
  std::size_t body_bytes_ = 0;
  int times_ready_ = 0;  // how often a connection stood and the request was about to leave
};

}  // namespace bhashatts::net
