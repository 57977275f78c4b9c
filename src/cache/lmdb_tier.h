// The second tier: speech on the local disk, shared by all processes of the host.
//
// LMDB holds an index entry per speech; each audio is one content-named file, written whole and
// mapped read-only. Why not values in LMDB: see the head of lmdb_tier.cpp.
//
// Nothing here raises for the disk's sake once the tier is open: what fails is a miss, or is not
// kept, and is counted in stats().errors.
//
// Thread rule: any thread. No thread is started before the first put (or some hundred hits).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "bhashatts/cache_tier.h"

namespace bhashatts::cache {

struct LmdbTierOptions {
  std::filesystem::path directory;  // made when absent; holds index/, audio/, tmp/
  std::int64_t max_bytes = 0;       // of the audio files; what points at the blob store is free
  std::int64_t map_bytes = 0;       // of the index
  bool read_only = false;
  // Where an audio lies that the tier need not copy (the local blob store); empty: nowhere.
  // Asked with "<key>.<format>"; the path must stay valid until the blob is removed.
  std::function<std::string(const AudioMetadata&)> blob_path;
};

class LmdbTier final : public CacheTier {
 public:
  // Under 10 ms also with a million entries. A damaged index is set aside; the next sweep rebuilds
  // it from the audio files, which carry their entries along. Raises Error (6xx).
  static std::unique_ptr<LmdbTier> open(LmdbTierOptions options);
  ~LmdbTier() override;  // writes what is queued

  std::string name() const override { return "lmdb"; }
  std::optional<CacheEntry> get(const Key& key) override;
  // Queued to the tier's one writer thread, which commits in groups; blocks while more than 64 MiB
  // wait. `written` (may be empty) is called on the writer's thread with the mapped entry once it
  // is committed, or with nothing when it could not be kept; it must not call the tier.
  void put(const CacheEntry& entry, std::chrono::seconds ttl) override;
  void put(const CacheEntry& entry, std::chrono::seconds ttl,
           std::function<void(std::optional<CacheEntry>)> written);
  // Done when it returns, also for what was put before.
  void erase(const Key& key) override;
  std::int64_t clear(const CacheFilter& filter) override;
  CacheTierStats stats() override;

  // Counts a hit that a higher tier served, so that eviction spares what is much asked for.
  void touch(const Key& key);
  // Whether the index was begun anew and has yet to take in the files that lie there.
  bool needs_sweep();
  void flush();  // returns when all that was put before is written
  // Removes files that no entry names (spares live writers), entries that expired or lack their
  // file, temporary files of dead writers, slots of dead readers. Returns how many files and
  // entries went.
  std::int64_t sweep();
  // Compares every entry with its file; calls `bad` for each that is wrong, after removing it when
  // `repair`. Returns how many it looked at.
  std::int64_t verify(bool repair, const std::function<void(const Key&, const std::string&)>& bad);

 private:
  struct State;
  explicit LmdbTier(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bhashatts::cache
