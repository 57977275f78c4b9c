// A value is that of cache/entry_value.h. Keys are "<namespace>bhashatts:audio:<32 hexadecimal
// digits>".
//
// The language stands in front of the value, and not in the key, because get() and erase() know the
// key only; clear() by language learns it by GETRANGE. An index of keys by language would be one
// thing more to keep right, of entries that Redis drops without a word.
//
// A damaged value is removed only if it is still the one that was read: each write has a random
// number in its header (Entry::sequence), so the same length and the same front are the same value.
#include "cache/redis_tier.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_set>
#include <utility>
#include <vector>

#include "cache/entry_value.h"
#include "cache/tier_counters.h"
#include "redis/error_reply.h"

namespace bhashatts::cache {
namespace {

using redis::Command;
using redis::Redis;
using redis::Reply;

constexpr std::string_view kPage = "1000";  // keys that one SCAN looks at, about 0.3 ms

constexpr std::string_view kDropIfSame = R"(
if redis.call('STRLEN', KEYS[1]) == tonumber(ARGV[2]) and
   redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then
  return redis.call('UNLINK', KEYS[1])
end
return 0)";

// So that SCAN takes a namespace by its letters.
std::string escaped(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("*?[]\\^-").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

struct Page {
  std::string cursor;  // of the next one; "0": there is none
  std::vector<std::string> keys;
};

class RedisTier final : public CacheTier {
 public:
  RedisTier(std::shared_ptr<Redis> redis, std::string name_space)
      : redis_(std::move(redis)),
        prefix_(std::move(name_space) + "bhashatts:audio:"),
        pattern_(escaped(prefix_) + "*") {}

  std::string name() const override { return "redis"; }

  std::optional<CacheEntry> get(const Key& key) override {
    return counters_.counted([&] { return look_up(key); });
  }

  // PSETEX, because the value must be the last word: header and audio go out as two pieces.
  void put(const CacheEntry& entry, std::chrono::seconds ttl) override {
    const std::int64_t seconds = std::min<std::int64_t>(ttl.count(), kMaxTtlSeconds);
    if (seconds <= 0) return;
    counters_.counted([&] {
      const std::string name = name_of(entry.metadata->key);
      const std::string time = std::to_string(seconds * 1000);
      const std::string front = value_front(entry, seconds);
      return checked(redis_->call({"PSETEX", name, time, front}, entry.audio.chars()));
    });
  }

  void erase(const Key& key) override {
    counters_.counted([&] {
      const std::string name = name_of(key);
      return checked(redis_->call({"UNLINK", name}));
    });
  }

  std::int64_t clear(const CacheFilter& filter) override {
    return counters_.counted([&] { return walk(filter); });
  }

  // What Redis holds is not told: it knows the number of keys of the whole database only, and to
  // count ours is a walk over all of them (clear() with count_only does that). Nor does it say
  // which of ours it evicted.
  CacheTierStats stats() override { return counters_.told(); }

 private:
  std::string name_of(const Key& key) const { return prefix_ + key.hex(); }

  // The key that a name in the database stands for, if it is one of ours.
  std::optional<Key> key_of(std::string_view name) const {
    if (!name.starts_with(prefix_)) return std::nullopt;
    const auto key = Key::from_hex(name.substr(prefix_.size()));
    return key && name_of(*key) == name ? key : std::nullopt;
  }

  std::optional<CacheEntry> look_up(const Key& key);
  void drop_damaged(const std::string& name, std::string_view value);
  std::int64_t walk(const CacheFilter& filter);
  std::int64_t unlink(const std::vector<std::string>& names);
  Page page_of(const Reply& reply) const;
  std::vector<std::string> speaking(std::vector<std::string> names, const std::string& language);

  const std::shared_ptr<Redis> redis_;
  const std::string prefix_;
  const std::string pattern_;
  TierCounters counters_;
};

std::optional<CacheEntry> RedisTier::look_up(const Key& key) {
  const std::string name = name_of(key);
  const Reply reply = checked(redis_->call({"GET", name}));
  if (reply.kind == Reply::Kind::bulk) {
    ReadValue read = read_value(key, reply.bulk);
    if (read.state == Decoded::good) {
      counters_.count(counters_.hits);
      return std::move(read.entry);
    }
    if (read.state == Decoded::damaged) drop_damaged(name, reply.bulk.chars());
  }
  counters_.count(counters_.misses);
  return std::nullopt;
}

void RedisTier::drop_damaged(const std::string& name, std::string_view value) {
  counters_.count(counters_.errors);
  const std::array keys{name};
  const std::array arguments{std::string(value.substr(0, kLongestFront)),
                             std::to_string(value.size())};
  redis_->eval(kDropIfSame, keys, arguments);
}

Page RedisTier::page_of(const Reply& reply) const {
  const bool fits = reply.kind == Reply::Kind::array && reply.array.size() == 2 &&
                    reply.array[0].kind == Reply::Kind::bulk &&
                    reply.array[1].kind == Reply::Kind::array;
  if (!fits) throw redis::unexpected_reply();
  Page page;
  page.cursor = reply.array[0].bulk.chars();
  for (const Reply& name : reply.array[1].array) {
    if (key_of(name.bulk.chars())) page.keys.emplace_back(name.bulk.chars());
  }
  return page;
}

// Those whose value says that it is in the language. What has no language to tell is left to its
// end: it may be another's.
std::vector<std::string> RedisTier::speaking(std::vector<std::string> names,
                                             const std::string& language) {
  if (language.empty() || names.empty()) return names;
  const std::string last = std::to_string(bytes_that_tell(language) - 1);
  std::vector<Command> commands;
  commands.reserve(names.size());
  for (const std::string& name : names) commands.push_back({"GETRANGE", name, "0", last});
  const std::vector<Reply> replies = redis_->patiently(commands);
  std::vector<std::string> speaking;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (replies[i].kind != Reply::Kind::bulk) continue;
    if (value_language(replies[i].bulk.chars()) == language)
      speaking.push_back(std::move(names[i]));
  }
  return speaking;
}

// SCAN may name a key twice; UNLINK counts it once, and so does the dry run.
std::int64_t RedisTier::walk(const CacheFilter& filter) {
  std::unordered_set<std::string> seen;
  std::int64_t removed = 0;
  std::string cursor = "0";
  do {
    Page page = page_of(
        checked(redis_->patiently(Command{"SCAN", cursor, "MATCH", pattern_, "COUNT", kPage})));
    std::vector<std::string> found = speaking(std::move(page.keys), filter.language);
    if (filter.count_only) {
      seen.insert(found.begin(), found.end());
    } else {
      removed += unlink(found);
    }
    cursor = std::move(page.cursor);
  } while (cursor != "0");
  return filter.count_only ? static_cast<std::int64_t>(seen.size()) : removed;
}

std::int64_t RedisTier::unlink(const std::vector<std::string>& names) {
  if (names.empty()) return 0;
  Command command{"UNLINK"};
  command.insert(command.end(), names.begin(), names.end());
  return checked(redis_->patiently(command)).integer;
}

}  // namespace

std::shared_ptr<CacheTier> make_redis_tier(std::shared_ptr<Redis> redis, std::string name_space) {
  return std::make_shared<RedisTier>(std::move(redis), std::move(name_space));
}

}  // namespace bhashatts::cache
