#include "engine/tier_stack.h"

#include <exception>
#include <string>
#include <utility>

#include "base/log.h"

namespace bhashatts::engine {
namespace {

// Runs `action`; what it raises is a line in the log and nothing more. A tier that is known to be
// down and was not even asked has said so once.
template <typename Action>
void tolerate(const std::string& tier, Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    if (error.tried()) log(LogLevel::warning, "cache." + tier, error.what());
  } catch (const std::exception& error) {
    log(LogLevel::warning, "cache." + tier, error.what());
  } catch (...) {
    log(LogLevel::warning, "cache." + tier, "raised something that is no exception");
  }
}

}  // namespace

TierStack::TierStack(std::unique_ptr<cache::MemoryTier> memory,
                     std::unique_ptr<cache::LmdbTier> disk,
                     std::vector<std::shared_ptr<CacheTier>> others, std::chrono::seconds ttl)
    : memory_(std::move(memory)), disk_(std::move(disk)), others_(std::move(others)), ttl_(ttl) {
  if (disk_) below_memory_.push_back({disk_.get(), Origin::lmdb});
  for (const auto& other : others_) {
    below_memory_.push_back(
        {other.get(), other->name() == name(Origin::redis) ? Origin::redis : Origin::tier});
  }
}

std::optional<TierStack::Hit> TierStack::get(const Key& key, std::uint64_t generation,
                                             std::size_t levels) {
  if (auto entry = memory_->get(key)) return Hit{std::move(*entry), Origin::memory};
  for (std::size_t level = 0; level < levels; ++level) {
    if (auto entry = ask(below_memory_[level], key)) {
      fill_above(level, *entry, generation);
      return Hit{std::move(*entry), below_memory_[level].origin};
    }
  }
  return std::nullopt;
}

std::optional<CacheEntry> TierStack::ask(const Named& named, const Key& key) {
  std::optional<CacheEntry> entry;
  tolerate(std::string(name(named.origin)), [&] { entry = named.tier->get(key); });
  return entry;
}

void TierStack::fill_above(std::size_t level, const CacheEntry& entry, std::uint64_t generation) {
  memory_->put(entry, ttl_, generation);
  if (level > 0 && disk_) put_on_disk(entry, generation);
}

// What was just made is held as its own bytes until the disk has it, then as a view of the file.
void TierStack::put_on_disk(const CacheEntry& entry, std::uint64_t generation) {
  disk_->put(entry, ttl_, [this, generation](std::optional<CacheEntry> mapped) {
    if (mapped) memory_->put(*mapped, ttl_, generation);
  });
}

void TierStack::put(const CacheEntry& entry, std::uint64_t generation) {
  memory_->put(entry, ttl_, generation);
  if (disk_) tolerate("lmdb", [&] { put_on_disk(entry, generation); });
  for (const auto& other : others_) {
    tolerate(other->name(), [&] { other->put(entry, ttl_); });
  }
}

void TierStack::erase(const Key& key) {
  memory_->erase(key);
  for (const Named& named : below_memory_) {
    tolerate(std::string(name(named.origin)), [&] { named.tier->erase(key); });
  }
}

std::int64_t TierStack::clear(const CacheFilter& filter) {
  if (!filter.count_only) memory_->clear();
  std::int64_t cleared = 0;
  std::optional<Error> trouble;
  for (const Named& named : below_memory_) {
    try {
      cleared += named.tier->clear(filter);
    } catch (const Error& error) {
      if (!trouble) trouble = error;
    } catch (...) {
      if (!trouble)
        trouble = Error(ErrorCode::plugin_failed, named.tier->name() + " was not cleared");
    }
  }
  if (trouble) throw Error(*trouble);
  return cleared;
}

void TierStack::touch(const Key& key) {
  if (disk_) disk_->touch(key);
}

bool TierStack::needs_sweep() { return disk_ && disk_->needs_sweep(); }

void TierStack::flush() {
  if (disk_) tolerate("lmdb", [&] { disk_->flush(); });
}

std::vector<TierStats> TierStack::stats() {
  std::vector<TierStats> all{{"memory", memory_->stats()}};
  for (const Named& named : below_memory_) {
    tolerate(std::string(name(named.origin)), [&] {
      all.push_back({named.tier->name(), named.tier->stats()});
    });
  }
  return all;
}

}  // namespace bhashatts::engine
