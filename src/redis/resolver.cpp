// getaddrinfo waits for a dead name server as long as resolv.conf says, five seconds and more. So a
// name is looked up by a thread of its own that is left to itself when the deadline has passed; it
// touches nothing but what it owns. Numbers need no thread.
#include "redis/resolver.h"

#include <netdb.h>

#include <cstring>
#include <thread>
#include <utility>

#include "bhashatts/error.h"

namespace bhashatts::redis {
namespace {

struct Found {
  int failure = 0;
  std::vector<SocketAddress> addresses;
};

Found look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* first = nullptr;
  Found found;
  found.failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &first);
  if (found.failure != 0) return found;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(first, &::freeaddrinfo);
  for (const addrinfo* info = first; info != nullptr; info = info->ai_next) {
    SocketAddress address;
    if (info->ai_addrlen > sizeof address.bytes) continue;
    std::memcpy(&address.bytes, info->ai_addr, info->ai_addrlen);
    address.size = info->ai_addrlen;
    found.addresses.push_back(address);
  }
  return found;
}

std::vector<SocketAddress> addresses_of(Found found) {
  if (found.failure == 0 && !found.addresses.empty()) return std::move(found.addresses);
  throw Error(ErrorCode::unreachable,
              "the host of Redis is not known; check its name in REDIS_URL, and the name servers",
              true)
      .detailed(::gai_strerror(found.failure));
}

}  // namespace

struct Resolver::LookUp {
  Mutex mutex;
  CondVar changed;
  bool done GUARDED_BY(mutex) = false;
  Found found GUARDED_BY(mutex);

  void carry_out(const std::string& host, std::uint16_t port) {
    Found brought = look_up(host, port, 0);
    MutexLock lock(mutex);
    found = std::move(brought);
    done = true;
    changed.notify_all();
  }
};

std::shared_ptr<Resolver::LookUp> Resolver::begun() {
  MutexLock lock(mutex_);
  if (!running_) {
    auto look_up = std::make_shared<LookUp>();
    std::thread([look_up, host = host_, port = port_] { look_up->carry_out(host, port); }).detach();
    running_ = std::move(look_up);
  }
  return running_;
}

std::vector<SocketAddress> Resolver::resolve(std::chrono::steady_clock::time_point deadline) {
  Found numbers = look_up(host_, port_, AI_NUMERICHOST);
  if (numbers.failure == 0) return addresses_of(std::move(numbers));
  const std::shared_ptr<LookUp> look_up = begun();
  Found found;
  {
    MutexLock lock(look_up->mutex);
    while (!look_up->done) {
      if (look_up->changed.wait_until(look_up->mutex, deadline) || look_up->done) continue;
      throw Error(ErrorCode::upstream_timeout, "the name of Redis' host is not found in time",
                  true);
    }
    found = look_up->found;
  }
  MutexLock lock(mutex_);
  if (running_ == look_up) running_.reset();
  return addresses_of(std::move(found));
}

}  // namespace bhashatts::redis
