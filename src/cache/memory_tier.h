// The first tier: views of what this process served lately, never copies.
//
// A hit here costs one hash look-up under a sharded lock. Its views are mappings of files that the
// LMDB tier or the blob store verified when they were first touched, so pages are shared by all
// processes of the host. (Speech that was just made is held as its own bytes until the tier below
// has written it.) Everything is dropped when the host's generation changes.
//
// Thread rule: any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/shared_counter.h"
#include "bhashatts/cache_tier.h"

namespace bhashatts::cache {

class MemoryTier {
 public:
  // max_entries: most views kept. max_heap_bytes: most bytes kept that are not mapped.
  // ttl counts from put().
  MemoryTier(std::shared_ptr<const SharedCounter> generation, std::int64_t max_entries);
  ~MemoryTier();

  std::optional<CacheEntry> get(const Key& key);
  // `generation`: the counter's value read before the entry was looked up or made. When it has
  // moved since, the entry may be what a reject dropped, and is not kept.
  void put(const CacheEntry& entry, std::chrono::seconds ttl, std::uint64_t generation);
  void erase(const Key& key);
  void clear();
  CacheTierStats stats();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bhashatts::cache
