#include "engine/usage_log.h"

#include <utility>

#include "base/clock.h"
#include "base/hash.h"

namespace bhashatts::engine {
namespace {

constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;  // 2^64 / golden ratio

const Key& key_of(const Served& served) {
  return served.speech != nullptr ? served.speech->cache_key() : served.plan->speech_key;
}

std::string_view origin_of(const Served& served) {
  return served.speech != nullptr ? name(served.speech->origin()) : std::string_view();
}

std::uint64_t hash(const Served& served) {
  std::uint64_t mixed = std::hash<Key>{}(key_of(served));
  const auto origin = served.speech != nullptr ? static_cast<int>(served.speech->origin()) : 0;
  mixed = (mixed ^ static_cast<std::uint64_t>(origin)) * kOdd;
  if (!served.request.user_id.empty()) mixed = (mixed ^ xxh3_64(served.request.user_id)) * kOdd;
  if (!served.request.story_id.empty()) mixed = (mixed ^ xxh3_64(served.request.story_id)) * kOdd;
  return (mixed ^ static_cast<std::uint64_t>(served.request.page_number)) * kOdd;
}

bool alike(const catalog::UsageRow& row, const Served& served) {
  return row.usage.speech_key == key_of(served) && row.usage.origin == origin_of(served) &&
         row.usage.user_id == served.request.user_id && row.story_id == served.request.story_id &&
         row.page_number == served.request.page_number;
}

UsageStatus status_of(const Served& served) {
  if (served.speech == nullptr) return UsageStatus::error;
  return served.speech->cached() ? UsageStatus::cached : UsageStatus::success;
}

PendingUsage first_of(const Served& served) {
  PendingUsage pending;
  pending.plan = served.plan;
  pending.row.story_id = served.request.story_id;
  pending.row.page_number = served.request.page_number;
  Usage& usage = pending.row.usage;
  usage.speech_key = key_of(served);
  usage.requests = 0;
  usage.text_length = served.plan->text_length;
  usage.language = served.plan->language->name;
  usage.voice_style = served.plan->voice_style->name;
  usage.status = status_of(served);
  usage.was_cached = usage.status == UsageStatus::cached;
  usage.origin = origin_of(served);
  usage.user_id = served.request.user_id;
  if (served.error != nullptr) usage.error_message = served.error->what();
  return pending;
}

}  // namespace

// response_time_us holds the sum until take() makes it the mean.
void UsageLog::add(const Served& served) {
  const std::int64_t now = unix_ms();
  std::uint64_t slot = hash(served);
  Shard& shard = shards_[slot >> 60U];
  MutexLock lock(shard.mutex);
  auto found = shard.rows.find(slot);
  while (found != shard.rows.end() && !alike(found->second.row, served)) {
    found = shard.rows.find(++slot);
  }
  if (found == shard.rows.end()) {
    found = shard.rows.emplace(slot, first_of(served)).first;
    size_.fetch_add(1, std::memory_order_relaxed);
  }
  catalog::UsageRow& row = found->second.row;
  row.at = now;
  ++row.usage.requests;
  row.usage.response_time_us += served.elapsed_us;
  if (served.speech != nullptr) {
    row.usage.estimated_cost_micro_usd += served.speech->cost_micro_usd();
  }
}

std::vector<PendingUsage> UsageLog::take() {
  std::vector<PendingUsage> rows;
  for (Shard& shard : shards_) {
    std::unordered_map<std::uint64_t, PendingUsage> taken;
    {
      MutexLock lock(shard.mutex);
      taken.swap(shard.rows);
    }
    size_.fetch_sub(taken.size(), std::memory_order_relaxed);
    for (auto& [slot, pending] : taken) {
      pending.row.usage.response_time_us /= pending.row.usage.requests;
      rows.push_back(std::move(pending));
    }
  }
  return rows;
}

}  // namespace bhashatts::engine
