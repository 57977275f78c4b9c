// What was asked, kept in memory for at most a second: a hit must not cost a disk write.
//
// Requests alike (same speech, origin, user and page) are one row with a count, so that a million
// hits on a loved story are one row a second, and the memory is bounded by what differs.
//
// Thread rule: any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "bhashatts/error.h"
#include "catalog/catalog.h"
#include "engine/plan.h"

namespace bhashatts::engine {

// One request that ended.
struct Served {
  const SpeechRequest& request;
  const PlanPtr& plan;
  const Speech* speech = nullptr;  // null: it failed with `error`
  const Error* error = nullptr;
  std::int64_t elapsed_us = 0;
};

// A row and what it takes to record its speech anew, should the catalog not know it.
struct PendingUsage {
  catalog::UsageRow row;
  PlanPtr plan;
};

class UsageLog {
 public:
  void add(const Served& served);
  // Everything since the last call.
  std::vector<PendingUsage> take();
  // Rows waiting; when they are many the flush should not wait for its second to pass.
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    Mutex mutex;
    std::unordered_map<std::uint64_t, PendingUsage> rows GUARDED_BY(mutex);
  };

  std::array<Shard, kShards> shards_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace bhashatts::engine
