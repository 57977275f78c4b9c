// Usage and the events that mirror it. One flush is one commit, whatever the number of rows; a row
// that cannot be kept as it is (an endless user id, a page of an endless story id) is shortened or
// loses its link, because raising would lose the rows beside it and be tried again for ever.
#include <algorithm>

#include "base/clock.h"
#include "base/hash.h"
#include "catalog/state.h"

namespace bhashatts::catalog {
namespace {

constexpr std::size_t kMaxMessageBytes = 1000;
constexpr std::size_t kMaxNameBytes = 100;

Usage shortened(Usage usage) {
  usage.user_id = clipped(usage.user_id, kMaxUserIdBytes);
  usage.error_message = clipped(usage.error_message, kMaxMessageBytes);
  usage.language = clipped(usage.language, kMaxNameBytes);
  usage.voice_style = clipped(usage.voice_style, kMaxNameBytes);
  usage.origin = clipped(usage.origin, kMaxNameBytes);
  usage.requests = std::max<std::int64_t>(usage.requests, 1);
  return usage;
}

void count_request(Totals& totals, const Usage& usage) {
  if (usage.status == UsageStatus::error) totals.requests_failed += usage.requests;
  if (usage.was_cached) totals.accesses += usage.requests;
  for (std::size_t i = 0; i < kOrigins; ++i) {
    if (name(static_cast<Origin>(i + 1)) == usage.origin) totals.requests[i] += usage.requests;
  }
}

void count_hit(Change& change, const SpeechRecord& speech, const UsageRow& row,
               std::int64_t requests) {
  const std::string_view key = view(speech.metadata.key);
  HitCounter hits{.access_count = speech.access_count, .last_accessed_at = speech.last_accessed_at};
  hits.access_count += requests;
  hits.last_accessed_at = std::max(hits.last_accessed_at, row.at / 1000);
  change.put(Db::counters, key, encode(hits));
  change.totals.totals.saved_micro_usd += requests * speech.metadata.generation_cost_micro_usd;
}

void link(Change& change, SpeechRecord speech, const UsageRow& row) {
  if (row.story_id.size() > kMaxStoryIdBytes) return;
  if (!link_page(change, speech, row.story_id, row.page_number)) return;
  speech.story_id = row.story_id;
  speech.page_number = row.page_number;
  change.record({.id = 0,
                 .at = row.at,
                 .kind = EventKind::speech_stored,
                 .usage = {},
                 .speech = std::move(speech)});
}

void add_row(Change& change, const UsageRow& row) {
  const Usage usage = shortened(row.usage);
  count_request(change.totals.totals, usage);
  change.record({.id = 0, .at = row.at, .kind = EventKind::usage, .usage = usage, .speech = {}});
  if (!usage.was_cached && row.story_id.empty()) return;
  auto speech = find_speech(change.txn(), change.store(), usage.speech_key);
  if (!speech) return;  // only in tiers, or removed meanwhile
  if (usage.was_cached) count_hit(change, speech->record, row, usage.requests);
  link(change, std::move(speech->record), row);
}

std::string cursor_key(std::string_view sink) {
  return std::string(view(KeyHasher().field("sink").field(sink).finish()));
}

}  // namespace

std::string_view clipped(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  // Not in the middle of a UTF-8 character: its later bytes are 10xxxxxx.
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

void Catalog::add_usage(std::span<const UsageRow> rows) {
  if (rows.empty()) return;
  Change change(state_->store);
  for (const UsageRow& row : rows) add_row(change, row);
  change.commit();
}

std::vector<Event> Catalog::events_after(std::uint64_t id, std::size_t limit) {
  std::vector<Event> events;
  const Store& store = state_->store;
  const lmdb::ReadTxn txn(*store.env);
  lmdb::Cursor cursor(txn, store.dbi(Db::events));
  bool more = id != ~std::uint64_t{0} && cursor.seek(lmdb::be64(id + 1));
  for (; more && events.size() < limit; more = cursor.next()) {
    auto event = decode<Event>(cursor.value());
    if (!event) {
      log_unreadable(Db::events);
      continue;
    }
    event->id = lmdb::from_be64(cursor.key());
    events.push_back(std::move(*event));
  }
  return events;
}

std::uint64_t Catalog::cursor(std::string_view sink) {
  const Store& store = state_->store;
  const lmdb::ReadTxn txn(*store.env);
  return lmdb::from_be64(txn.get(store.dbi(Db::cursors), cursor_key(sink)).value_or(""));
}

void Catalog::set_cursor(std::string_view sink, std::uint64_t id) {
  Change change(state_->store);
  change.put(Db::cursors, cursor_key(sink), lmdb::be64(id));
  change.commit();
}

// In commits of kBatch, oldest first. An unreadable event has no time and goes with its neighbours.
std::int64_t Catalog::expire_events(std::int64_t unix_ms) {
  std::int64_t expired = 0;
  for (bool more = true; more;) {
    Change change(state_->store);
    std::vector<std::string> ids;
    for_prefix(change.txn(), state_->store.dbi(Db::events), {},
               [&](std::string_view id, std::string_view bytes) {
                 const auto event = decode<Event>(bytes);
                 if ((event && event->at >= unix_ms) || ids.size() == kBatch) return false;
                 ids.emplace_back(id);
                 return true;
               });
    for (const std::string& id : ids) change.erase(Db::events, id);
    change.commit();
    expired += static_cast<std::int64_t>(ids.size());
    more = ids.size() == kBatch;
  }
  return expired;
}

}  // namespace bhashatts::catalog
