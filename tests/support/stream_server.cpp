#include "tests/support/stream_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>
#include <utility>

namespace bhashatts::testing {

StreamServer::StreamServer(Handler handler)
    : handler_(std::move(handler)), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listening_.get(), general, size) != 0 || ::listen(listening_.get(), 64) != 0 ||
      ::getsockname(listening_.get(), general, &size) != 0) {
    throw std::runtime_error("cannot listen");
  }
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

// Shutting the listening socket down ends accept(); then nobody adds to the list any more.
StreamServer::~StreamServer() {
  ::shutdown(listening_.get(), SHUT_RDWR);
  accepting_.join();
  std::list<Served> served;
  {
    MutexLock lock(mutex_);
    served.swap(served_);
  }
  for (Served& one : served) one.stream.interrupt();
  for (Served& one : served) one.thread.join();
}

std::size_t StreamServer::connections() {
  MutexLock lock(mutex_);
  return served_.size();
}

void StreamServer::accept_all() {
  for (;;) {
    UniqueFd fd(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd.valid()) return;
    serve(std::move(fd));
  }
}

// The list keeps its elements where they are, so the thread may use its own without the lock.
void StreamServer::serve(UniqueFd fd) {
  MutexLock lock(mutex_);
  const std::size_t number = served_.size();
  served_.push_back(Served{LoopbackStream(std::move(fd), nullptr), std::thread()});
  Served& served = served_.back();
  served.thread = std::thread([this, &served, number] {
    handler_(served.stream, number);
    served.stream.close();
  });
}

}  // namespace bhashatts::testing
