// The addresses of Redis' host, within a deadline that getaddrinfo does not have.
//
// Thread rule: any thread of the process that made it.
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"

namespace bhashatts::redis {

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

class Resolver {
 public:
  Resolver(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}

  // Raises unreachable, or upstream_timeout: the look-up then goes on, and who asks next gets what
  // it brings.
  std::vector<SocketAddress> resolve(std::chrono::steady_clock::time_point deadline);

 private:
  struct LookUp;
  std::shared_ptr<LookUp> begun();

  const std::string host_;
  const std::uint16_t port_;
  Mutex mutex_;
  std::shared_ptr<LookUp> running_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::redis
