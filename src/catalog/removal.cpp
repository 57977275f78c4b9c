// What goes, goes whole: a record with its indices, its page links and its share of the totals, in
// one commit. The ledger stays, because the money was spent; tombstones stay, because a rejected
// take must never come back.
#include <algorithm>
#include <limits>
#include <set>

#include "base/clock.h"
#include "catalog/state.h"

namespace bhashatts::catalog {
namespace {

// For the mirrors of others: the key says which one went, and no text is left behind.
Event removal_of(const SpeechRecord& record) {
  SpeechRecord nameless;
  nameless.metadata = record.metadata;
  nameless.blob_name = record.blob_name;
  return {.id = 0,
          .at = unix_ms(),
          .kind = EventKind::speech_removed,
          .usage = {},
          .speech = std::move(nameless)};
}

bool is_held(Change& change, const Key& utterance) {
  bool held = false;
  for_prefix(change.txn(), change.store().dbi(Db::speech_of), view(utterance),
             [&](std::string_view, std::string_view) {
               held = true;
               return false;
             });
  return held;
}

std::vector<Key> holders_of(Change& change, const Key& utterance) {
  std::vector<Key> speeches;
  for_prefix(change.txn(), change.store().dbi(Db::speech_of), view(utterance),
             [&](std::string_view key, std::string_view) {
               speeches.push_back(key_from(key.substr(view(utterance).size())));
               return true;
             });
  return speeches;
}

// Erases the events for which `goes` is true.
std::int64_t erase_events(Change& change, const std::function<bool(const Event&)>& goes) {
  std::vector<std::string> ids;
  for_prefix(change.txn(), change.store().dbi(Db::events), {},
             [&](std::string_view id, std::string_view bytes) {
               const auto event = decode<Event>(bytes);
               if (event && goes(*event)) ids.emplace_back(id);
               return true;
             });
  for (const std::string& id : ids) change.erase(Db::events, id);
  return static_cast<std::int64_t>(ids.size());
}

// All but that a speech went: that names no text.
bool is_of(const Event& event, const std::set<Key>& speeches) {
  if (event.kind == EventKind::speech_removed) return false;
  return (event.usage && speeches.contains(event.usage->speech_key)) ||
         (event.speech && speeches.contains(event.speech->metadata.key));
}

std::int64_t erase_events_of(Change& change, const std::set<Key>& speeches) {
  return erase_events(change, [&](const Event& event) { return is_of(event, speeches); });
}

std::int64_t erase_events_of_text(Change& change, std::string_view text,
                                  const Catalog::Dropped& dropped) {
  std::set<Key> keys;
  for (const SpeechEntry& speech : dropped.speeches) keys.insert(speech.record.metadata.key);
  // Speeches of this text that were dropped earlier, too.
  for_prefix(change.txn(), change.store().dbi(Db::events), {},
             [&](std::string_view, std::string_view bytes) {
               const auto event = decode<Event>(bytes);
               if (event && event->speech && event->speech->text == text) {
                 keys.insert(event->speech->metadata.key);
               }
               return true;
             });
  return erase_events_of(change, keys);
}

template <typename Record>
std::vector<Key> keys_where(Store& store, Db db, const std::function<bool(const Record&)>& wanted) {
  std::vector<Key> keys;
  std::string after;
  std::vector<std::pair<Key, Record>> batch;
  while (read_batch(store, db, after, kBatch, batch)) {
    for (const auto& [key, record] : batch) {
      if (wanted(record)) keys.push_back(key);
    }
  }
  return keys;
}

// In commits of kBatch: a transaction that rewrote a million records would hold the one writer lock
// for seconds and its pages in memory. Interrupted, it has removed some and not the rest.
using Drop = void (*)(Change&, const Key&, Catalog::Dropped&);
void drop_in_batches(Store& store, const std::vector<Key>& keys, Drop drop,
                     Catalog::Dropped& dropped) {
  for (std::size_t from = 0; from < keys.size(); from += kBatch) {
    Change change(store);
    const std::size_t to = std::min(from + kBatch, keys.size());
    for (std::size_t i = from; i < to; ++i) drop(change, keys[i], dropped);
    change.commit();
  }
}

Catalog::Dropped drop_one(Store& store, const Key& key, Drop drop) {
  Catalog::Dropped dropped;
  Change change(store);
  drop(change, key, dropped);
  change.commit();
  return dropped;
}

}  // namespace

void drop_speech(Change& change, const Key& key, Catalog::Dropped& dropped) {
  auto speech = find_speech(change.txn(), change.store(), key);
  if (!speech) return;
  change.erase(Db::speeches, view(key));
  change.erase(Db::counters, view(key));
  for (const Key& utterance : speech->utterances) {
    change.erase(Db::speech_of, joined(utterance, view(key)));
  }
  unlink_pages(change, key);
  change.totals.totals.entries -= 1;
  change.totals.totals.size_bytes -= static_cast<std::int64_t>(speech->record.metadata.size_bytes);
  change.record(removal_of(speech->record));
  dropped.speeches.push_back(std::move(*speech));
}

void drop_utterance(Change& change, const Key& key, Catalog::Dropped& dropped) {
  for (const Key& speech : holders_of(change, key)) drop_speech(change, speech, dropped);
  auto utterance = change.find<UtteranceRecord>(Db::utterances, view(key));
  if (!utterance) return;
  change.erase(Db::utterances, view(key));
  change.erase(Db::by_base, take_key(utterance->base, utterance->metadata.take));
  change.erase(Db::paces, pace_key(utterance->metadata));
  dropped.utterances.push_back(std::move(*utterance));
}

Catalog::Dropped Catalog::reject(const Key& base, std::int32_t take) {
  Dropped dropped;
  Change change(state_->store);
  if (find_take(change.txn(), state_->store, base) > take) return dropped;
  if (take == std::numeric_limits<std::int32_t>::max()) return dropped;
  const auto made = change.txn().get(state_->store.dbi(Db::by_base), take_key(base, take));
  if (made) {
    const Key utterance = key_from(*made);
    drop_utterance(change, utterance, dropped);
    change.put(Db::rejected, view(utterance), {});
  }
  change.put(Db::takes, view(base), lmdb::be64(static_cast<std::uint64_t>(take) + 1));
  change.commit();
  return dropped;
}

void Catalog::mark_rejected(std::span<const Key> utterances) {
  Change change(state_->store);
  for (const Key& utterance : utterances) change.put(Db::rejected, view(utterance), {});
  change.commit();
}

namespace {

// Of speeches that were dropped: their utterances that no other holds.
void drop_unheld_parts(Change& change, std::set<Key> parts, Catalog::Dropped& dropped) {
  for (const SpeechEntry& speech : dropped.speeches) {
    for (const Key& part : speech.utterances) {
      if (!is_held(change, part)) parts.insert(part);
    }
  }
  for (const Key& part : parts) drop_utterance(change, part, dropped);
}

// Commits only when `truly`.
Catalog::Dropped forget(Store& store, std::string_view spoken_text, bool truly) {
  const auto utterances = keys_where<UtteranceRecord>(
      store, Db::utterances, [&](const UtteranceRecord& u) { return u.text == spoken_text; });
  const auto speeches = keys_where<SpeechEntry>(
      store, Db::speeches, [&](const SpeechEntry& s) { return s.record.text == spoken_text; });
  Catalog::Dropped dropped;
  Change change(store);
  for (const Key& speech : speeches) drop_speech(change, speech, dropped);
  drop_unheld_parts(change, {utterances.begin(), utterances.end()}, dropped);
  dropped.usage_events = erase_events_of_text(change, spoken_text, dropped);
  if (truly) change.commit();
  return dropped;
}

}  // namespace

Catalog::Dropped Catalog::forgettable(std::string_view spoken_text) {
  return forget(state_->store, spoken_text, false);
}

Catalog::Dropped Catalog::forget_text(std::string_view spoken_text) {
  return forget(state_->store, spoken_text, true);
}

Catalog::Dropped Catalog::forget_utterances(std::span<const Key> utterances) {
  Dropped dropped;
  Change change(state_->store);
  for (const Key& utterance : utterances) drop_utterance(change, utterance, dropped);
  std::set<Key> keys;
  for (const SpeechEntry& speech : dropped.speeches) keys.insert(speech.record.metadata.key);
  dropped.usage_events = erase_events_of(change, keys);
  change.commit();
  return dropped;
}

Catalog::Dropped Catalog::forget_speeches(std::span<const Key> speeches, std::int64_t until) {
  Dropped dropped;
  Change change(state_->store);
  const std::set<Key> keys(speeches.begin(), speeches.end());
  for (const Key& key : keys) {
    const auto known = find_speech(change.txn(), change.store(), key);
    if (known && known->record.metadata.created_at <= until / 1'000) {
      drop_speech(change, key, dropped);
    }
  }
  drop_unheld_parts(change, {}, dropped);
  dropped.usage_events = erase_events(
      change, [&](const Event& event) { return event.at <= until && is_of(event, keys); });
  change.commit();
  return dropped;
}

Catalog::Dropped Catalog::forget_users(const std::function<bool(std::string_view)>& is_meant,
                                       std::int64_t until) {
  Dropped dropped;
  Change change(state_->store);
  dropped.usage_events = erase_events(change, [&](const Event& event) {
    return event.usage && event.at <= until && !event.usage->user_id.empty() &&
           is_meant(event.usage->user_id);
  });
  change.commit();
  return dropped;
}

Catalog::Dropped Catalog::forget_user(std::string_view user_id) {
  Dropped dropped;
  if (user_id.empty()) return dropped;  // would be everybody who gave no name
  Change change(state_->store);
  dropped.usage_events = erase_events(change, [&](const Event& event) {
    return event.usage && event.usage->user_id == clipped(user_id, kMaxUserIdBytes);
  });
  change.commit();
  return dropped;
}

Catalog::Dropped Catalog::remove_speech(const Key& key) {
  return drop_one(state_->store, key, drop_speech);
}

Catalog::Dropped Catalog::remove_utterance(const Key& key) {
  return drop_one(state_->store, key, drop_utterance);
}

Catalog::Dropped Catalog::remove_all(std::string_view language) {
  Store& store = state_->store;
  const auto is_meant = [&](const AudioMetadata& m) {
    return language.empty() || m.language == language;
  };
  Dropped dropped;
  const auto speeches = keys_where<SpeechEntry>(
      store, Db::speeches, [&](const SpeechEntry& s) { return is_meant(s.record.metadata); });
  drop_in_batches(store, speeches, drop_speech, dropped);
  const auto utterances = keys_where<UtteranceRecord>(
      store, Db::utterances, [&](const UtteranceRecord& u) { return is_meant(u.metadata); });
  drop_in_batches(store, utterances, drop_utterance, dropped);
  return dropped;
}

}  // namespace bhashatts::catalog
