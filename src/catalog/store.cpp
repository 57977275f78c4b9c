#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>

#include "base/log.h"
#include "base/per_process.h"
#include "bhashatts/error.h"
#include "catalog/opening.h"
#include "catalog/state.h"

namespace bhashatts::catalog {

const std::vector<std::string> kDatabaseNames{
    "meta",     "utterances", "by_base", "takes",    "rejected", "speeches",
    "counters", "speech_of",  "pages",   "pages_of", "ledger",   "open",
    "months",   "events",     "cursors", "totals",   "paces"};

// Opening and closing take turns between processes: see opening.h.
Store::~Store() {
  if (!owners || !env || epoch != process_epoch()) return;
  try {
    const auto turn = wait_for_turn(*owners, std::chrono::seconds(1));
    env.reset();
  } catch (const std::exception& error) {  // bad_alloc too; then it closes out of turn
    log(LogLevel::warning, "catalog", error.what());
  }
}

Key key_from(std::string_view bytes) {
  Key key;
  if (bytes.size() >= key.bytes.size()) {
    std::memcpy(key.bytes.data(), bytes.data(), key.bytes.size());
  }
  return key;
}

std::string take_key(const Key& base, std::int32_t take) {
  return joined(base, lmdb::be64(static_cast<std::uint64_t>(take)));
}

void log_unreadable(Db db) {
  log(LogLevel::warning, "catalog",
      "a record in " + kDatabaseNames[static_cast<std::size_t>(db)] +
          " cannot be read and is passed over; run verify --repair");
}

std::optional<SpeechEntry> find_speech(const lmdb::Txn& txn, const Store& store, const Key& key) {
  auto entry = find<SpeechEntry>(txn, store, Db::speeches, view(key));
  if (!entry) return std::nullopt;
  if (const auto hits = find<HitCounter>(txn, store, Db::counters, view(key))) {
    entry->record.access_count = hits->access_count;
    entry->record.last_accessed_at = hits->last_accessed_at;
  }
  return entry;
}

std::int32_t find_take(const lmdb::Txn& txn, const Store& store, const Key& base) {
  const auto bytes = txn.get(store.dbi(Db::takes), view(base));
  return bytes ? static_cast<std::int32_t>(lmdb::from_be64(*bytes)) : 0;
}

namespace {

lmdb::Env& writable(const Store& store) {
  if (!store.is_damaged) return *store.env;
  throw Error(ErrorCode::storage_damaged,
              "the catalog is damaged; open the engine again, and it is rebuilt from the audio",
              true);
}

}  // namespace

Change::Change(Store& store) : store_(store), txn_(writable(store)) {
  totals = read_totals(txn_, store_);
  before_ = encode(totals);
}

void Change::record(const Event& event) {
  txn_.append(store_.dbi(Db::events), lmdb::be64(totals.next_event), encode(event));
  ++totals.next_event;
}

void Change::commit() {
  const std::string after = encode(totals);
  if (after != before_) put(Db::totals, kTotalsKey, after);
  txn_.commit();
}

}  // namespace bhashatts::catalog
