// Who, of all hosts, makes the speech of a key: a lease in Redis with a token, renewed while it is
// held, gone by itself soon after its holder died.
//
// A lease saves money; it does not keep the store right (first writer wins does). So where Redis
// cannot be asked, the answer is "yours", and at most one host more pays.
//
// Thread rule: any thread. After fork the child has no leases of its parent's.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "redis/redis.h"

namespace bhashatts::redis {

class Leases {
 public:
  class Lease;  // RAII: released (if still ours) when it goes

  // name_space prefixes all keys. lifetime: how long a lease outlives its holder; renewed at a
  // third of it.
  Leases(std::shared_ptr<Redis> redis, std::string name_space,
         std::chrono::milliseconds lifetime = std::chrono::milliseconds(15'000));
  ~Leases();
  Leases(const Leases&) = delete;
  Leases& operator=(const Leases&) = delete;

  // Nothing: another host has it. Never waits longer than one command may take. A lease that could
  // not be asked for is granted, and guards nothing.
  std::optional<Lease> try_take(std::string_view name);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

class Leases::Lease {
 public:
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) noexcept;
  ~Lease();

 private:
  friend class Leases;
  class Held;
  explicit Lease(std::shared_ptr<Held> held);
  std::shared_ptr<Held> held_;
};

}  // namespace bhashatts::redis
