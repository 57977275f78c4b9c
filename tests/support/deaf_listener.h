// A port of the loopback where somebody listens and never says a word. With a full queue not even
// connecting succeeds or fails.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/fd.h"

namespace bhashatts::testing {

class DeafListener {
 public:
  enum class Queue { open, full };

  explicit DeafListener(Queue queue)
      : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    if (::bind(listening_.get(), general(), size) != 0 ||
        ::listen(listening_.get(), queue == Queue::full ? 0 : 8) != 0 ||
        ::getsockname(listening_.get(), general(), &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    if (queue == Queue::full) fill();
  }

  // "127.0.0.1:41234"
  std::string host() const { return "127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  // Linux lets one more into the queue than it was asked to; a few are to spare.
  void fill() {
    for (int i = 0; i < 4; ++i) {
      UniqueFd waiting(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      static_cast<void>(::connect(waiting.get(), general(), sizeof address_));
      waiting_.push_back(std::move(waiting));
    }
  }
  sockaddr* general() { return reinterpret_cast<sockaddr*>(&address_); }

  sockaddr_in address_{};
  UniqueFd listening_;
  std::vector<UniqueFd> waiting_;
};

}  // namespace bhashatts::testing
