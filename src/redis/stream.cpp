// Waiting first and receiving then costs one call more than receiving first only where the answer
// is there already, which after a request it never is.
#include "redis/stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "bhashatts/error.h"

namespace bhashatts::redis {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Error unreachable(int errno_value) {
  return Error(ErrorCode::unreachable, "Redis cannot be reached; check that it runs, and REDIS_URL",
               true)
      .detailed(std::generic_category().message(errno_value));
}

Error broken(const std::string& how) {
  return Error(ErrorCode::unreachable, "the connection to Redis broke off", true).detailed(how);
}

Error broken(int errno_value) { return broken(std::generic_category().message(errno_value)); }

Error late() {
  return {ErrorCode::upstream_timeout, "Redis did not answer in time; calls go on without it",
          true};
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

// Rounded up, so that a wait does not end just before its deadline, again and again.
int wait_ms(Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

void wait_for(int fd, short events, Deadline deadline) {
  pollfd wanted{fd, events, 0};
  for (;;) {
    const int ready = ::poll(&wanted, 1, wait_ms(deadline));
    if (ready > 0) return;
    if (ready == 0 && steady_clock::now() >= deadline) throw late();
    if (ready < 0 && errno != EINTR) throw broken(errno);
  }
}

void finish_connecting(int fd, Deadline deadline) {
  wait_for(fd, POLLOUT, deadline);
  int failure = 0;
  socklen_t size = sizeof failure;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0) failure = errno;
  if (failure != 0) throw unreachable(failure);
}

void send_small_packets_at_once(int fd) {
  const int on = 1;
  static_cast<void>(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  static_cast<void>(::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
}

Deadline share_of(Deadline deadline, std::size_t parts) {
  const auto now = steady_clock::now();
  return now + (deadline - now) / static_cast<std::int64_t>(parts);
}

}  // namespace

// A Unix socket whose queue is full answers EAGAIN, and there is nothing to wait for.
Stream Stream::connected(const sockaddr* address, socklen_t size, Deadline deadline) {
  UniqueFd fd(::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) throw unreachable(errno);
  if (::connect(fd.get(), address, size) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) throw unreachable(errno);
    finish_connecting(fd.get(), deadline);
  }
  if (address->sa_family != AF_UNIX) send_small_packets_at_once(fd.get());
  return Stream(std::move(fd));
}

Stream Stream::to_path(const std::string& path, Deadline deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), std::min(path.size(), sizeof address.sun_path - 1));
  return connected(reinterpret_cast<const sockaddr*>(&address), sizeof address, deadline);
}

Stream Stream::to_host(std::span<const SocketAddress> addresses, Deadline deadline) {
  for (; addresses.size() > 1; addresses = addresses.subspan(1)) {
    try {
      return connected(reinterpret_cast<const sockaddr*>(&addresses[0].bytes), addresses[0].size,
                       share_of(deadline, addresses.size()));
    } catch (const Error&) {  // the last one's failure is as good as this one's
    }
  }
  return connected(reinterpret_cast<const sockaddr*>(&addresses[0].bytes), addresses[0].size,
                   deadline);
}

// Shut down, not only closed: a child that was forked meanwhile holds a copy of the descriptor.
Stream::~Stream() {
  if (fd_.valid()) ::shutdown(fd_.get(), SHUT_RDWR);
}

void Stream::begin_tls(const TlsContext& context, const std::string& host, Deadline deadline) {
  tls_.emplace(context, fd_.get(), host);
  while (tls_->shake_hands() == 0) wait_for(fd_.get(), tls_->wants(), deadline);
}

std::size_t Stream::send(std::span<const iovec> parts) {
  if (tls_) {
    const std::size_t sent =
        tls_->send({static_cast<const std::byte*>(parts[0].iov_base), parts[0].iov_len});
    if (sent == 0) write_wants_ = tls_->wants();
    return sent;
  }
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());  // it is only read from
  message.msg_iovlen = parts.size();
  const ssize_t sent = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (!would_block()) throw broken(errno);
  return 0;
}

std::size_t Stream::receive(std::span<std::byte> room) {
  if (tls_) {
    const std::size_t got = tls_->receive(room);
    if (got == 0) read_wants_ = tls_->wants();
    return got;
  }
  const ssize_t got = ::recv(fd_.get(), room.data(), room.size(), 0);
  if (got > 0) return static_cast<std::size_t>(got);
  if (got == 0) throw broken("the server closed it");
  if (!would_block()) throw broken(errno);
  return 0;
}

// TLS may have read ahead what poll() then does not see.
bool Stream::may_have_more(std::size_t got, std::size_t room) const noexcept {
  return tls_.has_value() || got == room;
}

void Stream::wait(bool sending, Deadline deadline) {
  const auto events = static_cast<short>(read_wants_ | (sending ? write_wants_ : 0));
  wait_for(fd_.get(), events, deadline);
  if (tls_) {
    read_wants_ = POLLIN;
    write_wants_ = POLLOUT;
  }
}

bool Stream::idle() {
  if (tls_) return tls_->quiet();
  char byte = 0;
  const ssize_t got = ::recv(fd_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && would_block();
}

}  // namespace bhashatts::redis
