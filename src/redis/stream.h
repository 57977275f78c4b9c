// A socket to Redis that never blocks, plain or TLS.
//
// Thread rule: belongs to one thread at a time.
#pragma once

#include <poll.h>
#include <sys/uio.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "base/fd.h"
#include "redis/resolver.h"
#include "redis/tls.h"

namespace bhashatts::redis {

using Deadline = std::chrono::steady_clock::time_point;

class Stream {
 public:
  // Raise unreachable or upstream_timeout.
  static Stream to_path(const std::string& path, Deadline deadline);
  // The first of the addresses that answers; each gets its share of the time.
  static Stream to_host(std::span<const SocketAddress> addresses, Deadline deadline);

  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&&) = delete;
  ~Stream();

  void begin_tls(const TlsContext& context, const std::string& host, Deadline deadline);

  // How much went, or came; 0: wait() first. Raise unreachable, also at the end of the stream.
  std::size_t send(std::span<const iovec> parts);
  std::size_t receive(std::span<std::byte> room);
  // After a receive() that filled so much of `room`: whether another one may bring more at once.
  bool may_have_more(std::size_t got, std::size_t room) const noexcept;

  // Until it can be read from or, if `sending`, written to. Raises upstream_timeout.
  void wait(bool sending, Deadline deadline);
  // It is open, and has sent nothing that nobody asked for.
  bool idle();

 private:
  explicit Stream(UniqueFd fd) : fd_(std::move(fd)) {}
  static Stream connected(const sockaddr* address, socklen_t size, Deadline deadline);

  UniqueFd fd_;
  std::optional<TlsSession> tls_;
  short read_wants_ = POLLIN;  // what to wait for before the next receive()
  short write_wants_ = POLLOUT;
};

}  // namespace bhashatts::redis
