#include "engine/memo.h"

#include <utility>

#include "base/hash.h"

namespace bhashatts::engine {

bool Memo::Entry::matches(const RawRequest& raw) const {
  return format == raw.format && text == raw.text && language == raw.language &&
         voice_style == raw.voice_style;
}

// The plan holds the text once more, normalised; its fixed parts come to about half a kilobyte.
std::size_t Memo::Entry::bytes() const {
  return 2 * text.size() + 512 + plan->utterances.size() * sizeof(Utterance);
}

std::uint64_t Memo::hash(const RawRequest& raw) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;  // 2^64 / golden ratio
  std::uint64_t mixed = xxh3_64(raw.text);
  mixed = (mixed ^ xxh3_64(raw.language)) * kOdd;
  mixed = (mixed ^ xxh3_64(raw.voice_style)) * kOdd;
  return (mixed ^ static_cast<std::uint64_t>(raw.format)) * kOdd;
}

PlanPtr Memo::find(const RawRequest& raw) const {
  const std::uint64_t number = hash(raw);
  const Shard& shard = shard_of(number);
  MutexLock lock(shard.mutex);
  const auto found = shard.entries.find(number);
  return found != shard.entries.end() && found->second.matches(raw) ? found->second.plan : nullptr;
}

void Memo::put(const RawRequest& raw, PlanPtr plan) {
  const std::uint64_t number = hash(raw);
  Entry entry{std::string(raw.text), std::string(raw.language), std::string(raw.voice_style),
              raw.format, std::move(plan)};
  Shard& shard = shard_of(number);
  MutexLock lock(shard.mutex);
  const auto found = shard.entries.find(number);
  if (found != shard.entries.end()) {
    shard.bytes -= found->second.bytes();
  } else {
    shard.order.push_back(number);
  }
  shard.bytes += entry.bytes();
  shard.entries.insert_or_assign(number, std::move(entry));
  while (shard.bytes > kMaxShardBytes) evict_oldest(shard);
}

// First in, first out: a plan that is still wanted costs 10 us to make again, less than the
// bookkeeping of anything cleverer would cost over a million hits.
void Memo::evict_oldest(Shard& shard) {
  const auto oldest = shard.entries.find(shard.order.front());
  shard.order.pop_front();
  shard.bytes -= oldest->second.bytes();
  shard.entries.erase(oldest);
}

void Memo::clear() {
  for (Shard& shard : shards_) {
    MutexLock lock(shard.mutex);
    shard.entries.clear();
    shard.order.clear();
    shard.bytes = 0;
  }
}

}  // namespace bhashatts::engine
