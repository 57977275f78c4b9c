// Keeps the leases of one process alive, with one thread that starts with the first of them.
//
// Thread rule: any thread of the process that made it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/mutex.h"
#include "redis/redis.h"

namespace bhashatts::redis {

struct LeaseName {
  std::string key;
  std::string token;  // who holds it
};

class LeaseKeeper {
 public:
  LeaseKeeper(Redis& redis, std::chrono::milliseconds lifetime)
      : redis_(redis),
        lifetime_(lifetime),
        every_(std::max(lifetime / 3, std::chrono::milliseconds(1))) {}
  ~LeaseKeeper();
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  // Renews it at each third of its lifetime, until drop(). Gives what drop() wants.
  std::uint64_t keep(LeaseName lease);
  void drop(std::uint64_t number) noexcept;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Kept {
    LeaseName lease;
    Time due;
  };

  using Leases = std::map<std::uint64_t, Kept>;

  Time next_due() const { return std::chrono::steady_clock::now() + every_; }
  void run();
  std::optional<std::pair<std::uint64_t, LeaseName>> wait_for_due();
  Leases::iterator first_due() REQUIRES(mutex_);
  bool lost(const LeaseName& lease) noexcept;

  Redis& redis_;
  const std::chrono::milliseconds lifetime_;
  const std::chrono::milliseconds every_;
  Mutex mutex_;
  CondVar changed_;
  Leases kept_ GUARDED_BY(mutex_);
  std::uint64_t numbers_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::redis
