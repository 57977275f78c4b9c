// The one thread that writes for a tier, started when there is first something to write.
//
// Thread rule: any thread, but not the callbacks of put().
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/mutex.h"
#include "bhashatts/cache_tier.h"
#include "bhashatts/error.h"
#include "cache/tier_core.h"

namespace bhashatts::cache {

class TierWriter {
 public:
  using Written = std::function<void(std::optional<CacheEntry>)>;

  explicit TierWriter(TierCore& core) : core_(core) {}
  ~TierWriter();  // writes what is queued
  TierWriter(const TierWriter&) = delete;
  TierWriter& operator=(const TierWriter&) = delete;

  void put(const CacheEntry& entry, std::chrono::seconds ttl, Written written);
  // Removes the entry if it is still the one with that sequence, and else what cannot be decoded.
  void drop(const Key& key, std::uint64_t sequence);
  // Counted in memory, written along with other things.
  void touch(const Key& key);
  // Returns when all that was asked for before is written; at once on the thread that writes, where
  // audio that a host lends may be let go of.
  void flush();

 private:
  struct Put {
    CacheEntry audio;
    Entry entry;
    Written written;
    std::filesystem::path temporary;  // empty: not written, or in place already
    bool placed = false;
  };
  struct Work {
    std::vector<Put> puts;
    std::unordered_map<Key, std::uint64_t> drops;
    std::unordered_set<Key> touches;
    bool empty() const { return puts.empty() && drops.empty() && touches.empty(); }
  };

  void start() REQUIRES(mutex_);
  void start_if_it_can() noexcept REQUIRES(mutex_);
  void run();
  Work take() REQUIRES(mutex_);
  void carry_out(Work& work);
  bool prepare(Put& put);
  bool write_together(Work& work);
  bool write_alone(Put& put);
  void apply(IndexTxn& txn, Put& put);
  void drop_now(IndexTxn& txn, const Key& key, std::uint64_t sequence);
  void give_up(Put& put);
  void tell(Put& put, bool kept);
  void after(const Error& failure);
  void make_room_in_map();

  TierCore& core_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<Put> puts_ GUARDED_BY(mutex_);
  std::unordered_map<Key, std::uint64_t> drops_ GUARDED_BY(mutex_);
  std::unordered_set<Key> touches_ GUARDED_BY(mutex_);
  std::uint64_t waiting_bytes_ GUARDED_BY(mutex_) = 0;
  std::uint64_t queued_ GUARDED_BY(mutex_) = 0;  // rounds of work: asked for
  std::uint64_t done_ GUARDED_BY(mutex_) = 0;    // and carried out
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::cache
