// The second seam: a place that keeps speech for a while and may forget it.
//
// Thread rule: every member may be called from any thread at any time. A tier that raises is
// skipped for that call and counted; it never fails the caller's request.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "bhashatts/audio.h"
#include "bhashatts/bytes.h"

namespace bhashatts {

struct CacheEntry {
  SharedBytes audio;
  std::shared_ptr<const AudioMetadata> metadata;  // never null
};

// Which entries to clear. An empty language means all of them.
struct CacheFilter {
  std::string language;
  bool count_only = false;  // a dry run
};

struct CacheTierStats {
  std::int64_t entries = 0;
  std::int64_t size_bytes = 0;
  std::int64_t hits = 0;       // of this process
  std::int64_t misses = 0;     // of this process
  std::int64_t evictions = 0;  // of this process
  std::int64_t errors = 0;     // of this process
};

class CacheTier {
 public:
  virtual ~CacheTier() = default;

  // "lmdb", "redis", ...: what a hit in it is called, and its name in stats.
  virtual std::string name() const = 0;
  // Only bytes whose checksum was compared come back; a bad entry is a miss and is removed.
  virtual std::optional<CacheEntry> get(const Key& key) = 0;
  // ttl counts from now. May return before the entry can be read back.
  virtual void put(const CacheEntry& entry, std::chrono::seconds ttl) = 0;
  virtual void erase(const Key& key) = 0;
  // Returns how many entries went (or would, when count_only).
  virtual std::int64_t clear(const CacheFilter& filter) = 0;
  virtual CacheTierStats stats() = 0;
};

}  // namespace bhashatts
