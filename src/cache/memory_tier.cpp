// Shards, each a hash table and a SIEVE queue under a lock of its own: a hit sets a bit and moves
// nothing. SIEVE before LRU: the bit is all that a hit writes; before S3-FIFO: here an entry costs
// a mapping, not its bytes, so a scan that passes through does little harm.
//
// What an operation throws out is destroyed after the lock is let go: unmapping a megabyte takes
// longer (some 10 us) than everything else here.
#include "cache/memory_tier.h"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/mutex.h"

namespace bhashatts::cache {
namespace {

constexpr std::int64_t kMaxHeapBytes = std::int64_t{256} << 20;
constexpr std::size_t kMaxShards = 32;

// Up to 4 ms behind, for 5 ns instead of 25; steady, so that a clock that is set moves no expiry.
std::int64_t coarse_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

std::int64_t heap_bytes(const CacheEntry& entry) {
  return is_mapped(entry.audio) ? 0 : static_cast<std::int64_t>(entry.audio.size());
}

struct Node {
  Key key;
  CacheEntry entry;
  std::int64_t expires_ms = 0;
  std::int64_t heap = 0;
  bool visited = false;
};

using Nodes = std::list<Node>;  // newest first

class Shard {
 public:
  void configure(std::size_t max_entries, std::atomic<std::int64_t>* heap) {
    max_entries_ = max_entries;
    heap_ = heap;
  }

  std::optional<CacheEntry> get(const Key& key, std::uint64_t generation);
  void put(Node node, std::uint64_t generation);
  void erase(const Key& key);
  void clear();
  void add_to(CacheTierStats& stats);

 private:
  void throw_out(Nodes::iterator node, Nodes& out) REQUIRES(mutex_);
  void renew(std::uint64_t generation, Nodes& out) REQUIRES(mutex_);
  void make_room(std::int64_t heap, Nodes& out) REQUIRES(mutex_);
  void evict_one(Nodes& out) REQUIRES(mutex_);

  std::size_t max_entries_ = 0;
  std::atomic<std::int64_t>* heap_ = nullptr;
  Mutex mutex_;
  std::unordered_map<Key, Nodes::iterator> by_key_ GUARDED_BY(mutex_);
  Nodes nodes_ GUARDED_BY(mutex_);
  Nodes::iterator hand_ GUARDED_BY(mutex_) = nodes_.end();
  std::uint64_t generation_ GUARDED_BY(mutex_) = 0;
  CacheTierStats stats_ GUARDED_BY(mutex_);
};

std::optional<CacheEntry> Shard::get(const Key& key, std::uint64_t generation) {
  Nodes out;
  MutexLock lock(mutex_);
  if (generation_ != generation) renew(generation, out);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    ++stats_.misses;
    return std::nullopt;
  }
  Node& node = *found->second;
  if (coarse_ms() >= node.expires_ms) {
    ++stats_.misses;
    throw_out(found->second, out);
    return std::nullopt;
  }
  ++stats_.hits;
  node.visited = true;
  return node.entry;
}

void Shard::put(Node node, std::uint64_t generation) {
  Nodes out;
  MutexLock lock(mutex_);
  if (generation_ != generation) renew(generation, out);
  if (const auto old = by_key_.find(node.key); old != by_key_.end()) throw_out(old->second, out);
  make_room(node.heap, out);
  if (nodes_.size() >= max_entries_) return;
  if (node.heap > 0 && heap_->load(std::memory_order_relaxed) + node.heap > kMaxHeapBytes) return;
  heap_->fetch_add(node.heap, std::memory_order_relaxed);
  stats_.size_bytes += static_cast<std::int64_t>(node.entry.audio.size());
  nodes_.push_front(std::move(node));
  by_key_[nodes_.front().key] = nodes_.begin();
}

void Shard::erase(const Key& key) {
  Nodes out;
  MutexLock lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) throw_out(found->second, out);
}

void Shard::clear() {
  Nodes out;
  MutexLock lock(mutex_);
  renew(generation_, out);
}

void Shard::add_to(CacheTierStats& stats) {
  MutexLock lock(mutex_);
  stats.entries += static_cast<std::int64_t>(nodes_.size());
  stats.size_bytes += stats_.size_bytes;
  stats.hits += stats_.hits;
  stats.misses += stats_.misses;
  stats.evictions += stats_.evictions;
}

void Shard::throw_out(Nodes::iterator node, Nodes& out) {
  if (hand_ == node) hand_ = node == nodes_.begin() ? nodes_.end() : std::prev(node);
  heap_->fetch_sub(node->heap, std::memory_order_relaxed);
  stats_.size_bytes -= static_cast<std::int64_t>(node->entry.audio.size());
  by_key_.erase(node->key);
  out.splice(out.end(), nodes_, node);
}

void Shard::renew(std::uint64_t generation, Nodes& out) {
  while (!nodes_.empty()) throw_out(nodes_.begin(), out);
  generation_ = generation;
}

void Shard::make_room(std::int64_t heap, Nodes& out) {
  while (!nodes_.empty() && nodes_.size() >= max_entries_) evict_one(out);
  if (heap == 0) return;
  for (auto node = nodes_.end(); node != nodes_.begin();) {
    if (heap_->load(std::memory_order_relaxed) + heap <= kMaxHeapBytes) return;
    const auto oldest = std::prev(node);
    if (oldest->heap == 0) {
      node = oldest;
      continue;
    }
    ++stats_.evictions;
    throw_out(oldest, out);
  }
}

// SIEVE: the hand goes from the oldest to the newest, spares whom a hit marked and takes the mark.
void Shard::evict_one(Nodes& out) {
  for (;;) {
    if (hand_ == nodes_.end()) hand_ = std::prev(nodes_.end());
    if (!hand_->visited) break;
    hand_->visited = false;
    hand_ = hand_ == nodes_.begin() ? nodes_.end() : std::prev(hand_);
  }
  ++stats_.evictions;
  throw_out(hand_, out);
}

// Small tiers get few shards, so that their bound is not blunted by rounding.
std::size_t shard_count(std::int64_t max_entries) {
  const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(max_entries / 64, 1));
  return std::bit_floor(std::min(wanted, kMaxShards));
}

}  // namespace

struct MemoryTier::State {
  State(std::shared_ptr<const SharedCounter> counter, std::int64_t max_entries)
      : generation(std::move(counter)), shards(shard_count(max_entries)) {
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(max_entries, 0));
    for (Shard& shard : shards) shard.configure(most / shards.size(), &heap);
  }

  std::uint64_t now() const { return generation ? generation->read() : 0; }
  // The last byte: the first ones serve the shard's own table.
  Shard& shard(const Key& key) { return shards[key.bytes.back() & (shards.size() - 1)]; }

  std::shared_ptr<const SharedCounter> generation;
  std::atomic<std::int64_t> heap{0};
  std::vector<Shard> shards;
};

MemoryTier::MemoryTier(std::shared_ptr<const SharedCounter> generation, std::int64_t max_entries)
    : state_(std::make_unique<State>(std::move(generation), max_entries)) {}

MemoryTier::~MemoryTier() = default;

std::optional<CacheEntry> MemoryTier::get(const Key& key) {
  return state_->shard(key).get(key, state_->now());
}

void MemoryTier::put(const CacheEntry& entry, std::chrono::seconds ttl, std::uint64_t generation) {
  if (generation != state_->now()) return;
  Node node{.key = entry.metadata->key, .entry = entry};
  node.expires_ms = coarse_ms() + std::chrono::milliseconds(ttl).count();
  node.heap = heap_bytes(entry);
  Shard& shard = state_->shard(node.key);
  shard.put(std::move(node), generation);
}

void MemoryTier::erase(const Key& key) { state_->shard(key).erase(key); }

void MemoryTier::clear() {
  for (Shard& shard : state_->shards) shard.clear();
}

CacheTierStats MemoryTier::stats() {
  CacheTierStats stats;
  for (Shard& shard : state_->shards) shard.add_to(stats);
  return stats;
}

}  // namespace bhashatts::cache
