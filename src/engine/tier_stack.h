// The tiers, nearest first: asked in order, filled upwards on a hit.
//
// A tier that raises is skipped for that call: what may forget may also fail.
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/shared_counter.h"
#include "bhashatts/cache_tier.h"
#include "bhashatts/engine.h"
#include "bhashatts/speech.h"
#include "cache/lmdb_tier.h"
#include "cache/memory_tier.h"

namespace bhashatts::engine {

class TierStack {
 public:
  struct Hit {
    CacheEntry entry;
    Origin origin = Origin::memory;
  };

  // disk may be null: its directory could not be used, and nothing is lost by that but speed.
  TierStack(std::unique_ptr<cache::MemoryTier> memory, std::unique_ptr<cache::LmdbTier> disk,
            std::vector<std::shared_ptr<CacheTier>> others, std::chrono::seconds ttl);

  // `generation`: of the host, read before the key was made.
  std::optional<Hit> get(const Key& key, std::uint64_t generation) {
    return get(key, generation, below_memory_.size());
  }
  // From memory and this host's disk alone: for who must not wait for a network.
  std::optional<Hit> get_nearby(const Key& key, std::uint64_t generation) {
    return get(key, generation, disk_ ? 1 : 0);
  }
  // From memory alone.
  std::optional<CacheEntry> recall(const Key& key) { return memory_->get(key); }
  void put(const CacheEntry& entry, std::uint64_t generation);
  void erase(const Key& key);
  // Who clears wants to know: all tiers are cleared that can be, then the first trouble is raised.
  std::int64_t clear(const CacheFilter& filter);
  // A hit that the disk did not see.
  void touch(const Key& key);
  bool needs_sweep();
  void flush();
  std::vector<TierStats> stats();
  cache::LmdbTier* disk() { return disk_.get(); }

 private:
  struct Named {
    CacheTier* tier;
    Origin origin;
  };
  std::optional<Hit> get(const Key& key, std::uint64_t generation, std::size_t levels);
  std::optional<CacheEntry> ask(const Named& named, const Key& key);
  void put_on_disk(const CacheEntry& entry, std::uint64_t generation);
  void fill_above(std::size_t level, const CacheEntry& entry, std::uint64_t generation);

  std::unique_ptr<cache::MemoryTier> memory_;
  std::unique_ptr<cache::LmdbTier> disk_;
  std::vector<std::shared_ptr<CacheTier>> others_;
  std::vector<Named> below_memory_;
  std::chrono::seconds ttl_;
};

}  // namespace bhashatts::engine
