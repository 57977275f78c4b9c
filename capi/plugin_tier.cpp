// A cache tier that is a struct of function pointers. It keeps opaque values, those of
// cache/entry_value.h: what comes back is checked here, so that a tier cannot serve what it
// damaged, nor what has expired.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "amounts.h"
#include "base/clock.h"
#include "cache/entry_value.h"
#include "cache/tier_counters.h"
#include "hex.h"
#include "member.h"
#include "plugins.h"
#include "reply.h"
#include "values.h"

namespace bhashatts::c {
namespace {

using cache::Decoded;

class KeyText {
 public:
  explicit KeyText(const Key& key) { write_hex(key, digits_.data()); }
  bhashatts_text get() const noexcept { return {digits_.data(), kHexSize}; }

 private:
  std::array<char, kHexSize + 1> digits_{};
};

class CTier final : public CacheTier {
 public:
  CTier(const bhashatts_cache_tier& given, Contexts& contexts)
      : context_(given, contexts), members_(given) {
    name_ = plugin_name(given.name, "bhashatts_cache_tier.name");
    require(members_.get, "bhashatts_cache_tier.get");
    require(members_.put, "bhashatts_cache_tier.put");
    require(members_.erase, "bhashatts_cache_tier.erase");
    require(members_.clear, "bhashatts_cache_tier.clear");
  }

  std::string name() const override { return name_; }

  std::optional<CacheEntry> get(const Key& key) override {
    return counters_.counted([&] { return look_up(key); });
  }

  void put(const CacheEntry& entry, std::chrono::seconds ttl) override {
    const std::int64_t seconds = std::min<std::int64_t>(ttl.count(), cache::kMaxTtlSeconds);
    if (seconds <= 0) return;
    counters_.counted([&] {
      std::string value = cache::value_front(entry, seconds);
      value += entry.audio.chars();
      const KeyText key(entry.metadata->key);
      return call_keeper("the tier's put", [&] {
        return members_.put(context_.get(), key.get(), text_of(entry.metadata->language),
                            value.data(), value.size(), seconds);
      });
    });
  }

  void erase(const Key& key) override {
    const KeyText text(key);
    counters_.counted([&] {
      return call_keeper("the tier's erase",
                         [&] { return members_.erase(context_.get(), text.get()); });
    });
  }

  std::int64_t clear(const CacheFilter& filter) override {
    std::int64_t entries = 0;
    counters_.counted([&] {
      return call_keeper("the tier's clear", [&] {
        return members_.clear(context_.get(), text_of(filter.language), filter.count_only ? 1 : 0,
                              &entries);
      });
    });
    return nearest_amount(entries, kMostEntries);
  }

  CacheTierStats stats() override { return counters_.told(); }

 private:
  std::optional<SharedBytes> ask(const KeyText& key) {
    Reply reply;
    const bool found = call_get(
        "the tier's get", [&] { return members_.get(context_.get(), key.get(), reply.handle()); });
    return found ? reply.take().bytes : std::nullopt;
  }

  // What a newer version of the library wrote is left to it.
  std::optional<CacheEntry> look_up(const Key& key) {
    const KeyText text(key);
    if (const auto value = ask(text)) {
      cache::ReadValue read = cache::read_value(key, *value);
      if (read.state == Decoded::good && read.expires_at > unix_seconds()) {
        counters_.count(counters_.hits);
        return std::move(read.entry);
      }
      if (read.state == Decoded::damaged) drop(key);
    }
    counters_.count(counters_.misses);
    return std::nullopt;
  }

  void drop(const Key& key) {
    counters_.count(counters_.errors);
    erase(key);
  }

  const Context context_;
  const bhashatts_cache_tier members_;
  std::string name_;
  cache::TierCounters counters_;
};

}  // namespace

std::shared_ptr<CacheTier> make_tier(const bhashatts_cache_tier& given, Contexts& contexts) {
  return std::make_shared<CTier>(given, contexts);
}

}  // namespace bhashatts::c
