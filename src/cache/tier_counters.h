// What a tier has done in this process.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "bhashatts/cache_tier.h"

namespace bhashatts::cache {

struct TierCounters {
  std::atomic<std::int64_t> hits{0};
  std::atomic<std::int64_t> misses{0};
  std::atomic<std::int64_t> evictions{0};
  std::atomic<std::int64_t> errors{0};

  static void count(std::atomic<std::int64_t>& counter) noexcept {
    counter.fetch_add(1, std::memory_order_relaxed);
  }

  // action() -> result; where it raises, an error is counted.
  template <typename Action>
  auto counted(const Action& action) -> decltype(action()) {
    try {
      return action();
    } catch (...) {
      count(errors);
      throw;
    }
  }

  // The counts into stats, which is returned; sums are left as they are.
  CacheTierStats told(CacheTierStats stats = {}) const noexcept {
    stats.hits = hits.load(std::memory_order_relaxed);
    stats.misses = misses.load(std::memory_order_relaxed);
    stats.evictions = evictions.load(std::memory_order_relaxed);
    stats.errors = errors.load(std::memory_order_relaxed);
    return stats;
  }
};

}  // namespace bhashatts::cache
