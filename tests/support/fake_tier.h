// A tier in memory that fails on demand, with an Error or with something that is no exception.
//
// Thread rule: any thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <string>

#include "bhashatts/cache_tier.h"
#include "bhashatts/error.h"

namespace bhashatts::testing {

class FakeTier : public CacheTier {
 public:
  enum class Mood { well, raises_error, raises_nonsense };
  std::atomic<Mood> mood{Mood::well};
  std::atomic<int> gets{0};

  explicit FakeTier(std::string name = "shed") : name_(std::move(name)) {}

  std::string name() const override { return name_; }
  std::optional<CacheEntry> get(const Key& key) override {
    ++gets;
    const std::lock_guard lock(answer());
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::nullopt : std::optional(found->second);
  }
  void put(const CacheEntry& entry, std::chrono::seconds) override {
    const std::lock_guard lock(answer());
    entries_.insert_or_assign(entry.metadata->key, entry);
  }
  void erase(const Key& key) override {
    const std::lock_guard lock(answer());
    entries_.erase(key);
  }
  std::int64_t clear(const CacheFilter& filter) override {
    const std::lock_guard lock(answer());
    const auto matches = [&](const auto& entry) {
      return filter.language.empty() || entry.second.metadata->language == filter.language;
    };
    const auto count = std::count_if(entries_.begin(), entries_.end(), matches);
    if (!filter.count_only) std::erase_if(entries_, matches);
    return count;
  }
  CacheTierStats stats() override {
    const std::lock_guard lock(answer());
    CacheTierStats stats;
    stats.entries = static_cast<std::int64_t>(entries_.size());
    return stats;
  }

 private:
  std::mutex& answer() {
    if (mood == Mood::raises_error) throw Error(ErrorCode::unreachable, "the shed is locked");
    if (mood == Mood::raises_nonsense) throw 42;
    return mutex_;
  }

  const std::string name_;
  std::mutex mutex_;
  std::map<Key, CacheEntry> entries_;
};

}  // namespace bhashatts::testing
