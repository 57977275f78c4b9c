// What the files of this room share: the databases, the keys in them, and Change, which is one
// commit. Nobody outside src/catalog includes this.
//
// Thread rule: a Store may be used from any thread; a Change belongs to one.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/lmdb.h"
#include "base/lock_file.h"
#include "base/per_process.h"
#include "catalog/catalog.h"
#include "catalog/record_codec.h"

namespace bhashatts::catalog {

// The databases, in the order of kDatabaseNames. A number is 8 bytes, big-endian, so that it sorts.
enum class Db : std::size_t {
  meta,        // "format", "voice_profile"
  utterances,  // utterance key -> UtteranceRecord
  by_base,     // base key + take -> utterance key
  takes,       // base key -> the current take, where that is not 0
  rejected,    // utterance key -> nothing: the tombstone of a rejected take
  speeches,    // speech key -> SpeechEntry
  counters,    // speech key -> HitCounter, apart so that a hit never rewrites the text
  speech_of,   // utterance key + speech key -> nothing
  pages,       // hash of story, page, style + format -> PageLink
  pages_of,    // speech key + key in pages -> nothing
  ledger,      // id -> LedgerEntry
  open,        // id -> nothing: ledger entries that are reserved still
  months,      // year * 100 + month, UTC -> micro-dollars settled or orphaned
  events,      // id -> Event
  cursors,     // hash of the sink's name -> event id
  totals,      // "totals" -> StoredTotals
  paces,       // voice key + utterance key -> NumberedPace
};
inline constexpr std::size_t kDatabases = 17;
extern const std::vector<std::string> kDatabaseNames;

struct Store {
  CatalogOptions options;
  std::shared_ptr<lmdb::Env> env;
  std::shared_ptr<LockFile> owners;     // none when read-only
  std::optional<LockFile::Lock> token;  // names this Catalog among all; none when read-only
  bool was_damaged = false;
  mutable std::atomic<bool> is_damaged{
      false};  // an examination said so: nothing is written any more
  const std::uint64_t epoch = process_epoch();

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  MDB_dbi dbi(Db db) const { return env->dbi(static_cast<std::size_t>(db)); }
};

struct Catalog::State {
  Store store;
};

// -- keys
inline std::string_view view(const Key& key) {
  return {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()};
}
Key key_from(std::string_view bytes);  // the first 16 bytes; zeros where there are fewer
inline std::string joined(const Key& a, std::string_view b) {
  return std::string(view(a)).append(b);
}
std::string take_key(const Key& base, std::int32_t take);

// At most so many bytes of `text`, and no half characters.
std::string_view clipped(std::string_view text, std::size_t bytes);
inline constexpr std::size_t kMaxUserIdBytes = 512;

// -- reading
// How many records a walk or a sweep takes at once.
inline constexpr std::size_t kBatch = 500;
void log_unreadable(Db db);
// The record under `key`; nothing when there is none or it cannot be read, which is logged.
template <typename Record>
std::optional<Record> find(const lmdb::Txn& txn, const Store& store, Db db, std::string_view key) {
  const auto bytes = txn.get(store.dbi(db), key);
  if (!bytes) return std::nullopt;
  auto record = decode<Record>(*bytes);
  if (!record) log_unreadable(db);
  return record;
}
std::optional<SpeechEntry> find_speech(const lmdb::Txn& txn, const Store& store, const Key& key);
std::int32_t find_take(const lmdb::Txn& txn, const Store& store, const Key& base);
// Calls visit(key, value) for every entry whose key begins with `prefix`, until it returns false.
template <typename Visit>
void for_prefix(const lmdb::Txn& txn, MDB_dbi dbi, std::string_view prefix, Visit visit) {
  lmdb::Cursor cursor(txn, dbi);
  bool more = prefix.empty() ? cursor.first() : cursor.seek(prefix);
  for (; more && cursor.key().starts_with(prefix); more = cursor.next()) {
    if (!visit(cursor.key(), cursor.value())) return;
  }
}

// Reads on behind `after` (empty: from the start) and moves it; at most `limit` entries, so that a
// walk over all never holds one read transaction for long. False when there was nothing left.
// Unreadable records are left out.
template <typename Record>
bool read_batch(Store& store, Db db, std::string& after, std::size_t limit,
                std::vector<std::pair<Key, Record>>& batch) {
  batch.clear();
  const lmdb::ReadTxn txn(*store.env);
  lmdb::Cursor cursor(txn, store.dbi(db));
  bool more = after.empty() ? cursor.first() : cursor.seek(after);
  if (more && !after.empty() && cursor.key() == after) more = cursor.next();
  const bool any = more;
  for (; more && limit > 0; more = cursor.next(), --limit) {
    after = cursor.key();
    if (auto record = decode<Record>(cursor.value())) {
      batch.emplace_back(key_from(after), std::move(*record));
    }
  }
  return any;
}

// One commit: what it writes, with the totals that it changes. Nothing is kept unless commit() is
// called and returns.
class Change {
 public:
  explicit Change(Store& store);

  StoredTotals totals;

  Store& store() { return store_; }
  lmdb::WriteTxn& txn() { return txn_; }
  bool has(Db db, std::string_view key) const { return txn_.get(store_.dbi(db), key).has_value(); }
  template <typename Record>
  std::optional<Record> find(Db db, std::string_view key) const {
    return catalog::find<Record>(txn_, store_, db, key);
  }
  void put(Db db, std::string_view key, std::string_view value) {
    txn_.put(store_.dbi(db), key, value);
  }
  bool erase(Db db, std::string_view key) { return txn_.erase(store_.dbi(db), key); }
  // Adds the event under the next id.
  void record(const Event& event);
  void commit();

 private:
  Store& store_;
  lmdb::WriteTxn txn_;
  std::string before_;  // the totals as they were read
};

// -- pages (pages.cpp)
// Links the page to the speech if it is not yet. Formats of the page that say another text lose
// their link: the page was edited. Returns whether anything changed.
bool link_page(Change& change, const SpeechRecord& speech, std::string_view story_id,
               std::int32_t page_number);
void unlink_pages(Change& change, const Key& speech);

// -- removal (removal.cpp)
void drop_speech(Change& change, const Key& key, Catalog::Dropped& dropped);
// And every speech that holds it.
void drop_utterance(Change& change, const Key& key, Catalog::Dropped& dropped);

// -- how voices speak (paces.cpp)
std::string pace_key(const AudioMetadata& utterance);
// The oldest of the voice go.
void put_pace(Change& change, const AudioMetadata& utterance, const PaceSample& sample);

// -- money (ledger.cpp)
std::int64_t spent_since(const lmdb::Txn& txn, const Store& store, std::int64_t unix_ms);
// Replaces entry `id` (0: adds one) and keeps totals, months and open reservations in step.
std::uint64_t put_ledger(Change& change, std::uint64_t id, const LedgerEntry& entry);

// -- totals (totals.cpp)
inline constexpr std::string_view kTotalsKey = "totals";
StoredTotals read_totals(const lmdb::Txn& txn, const Store& store);
// Counts everything that can be counted; what cannot (hits, requests) is taken from `known`.
StoredTotals recount(const lmdb::Txn& txn, const Store& store, const StoredTotals& known);

}  // namespace bhashatts::catalog
