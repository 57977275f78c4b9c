#include <algorithm>

#include "catalog/state.h"

namespace bhashatts::catalog {
namespace {

std::uint64_t last_id(const lmdb::Txn& txn, MDB_dbi dbi) {
  lmdb::Cursor cursor(txn, dbi);
  return cursor.last() ? lmdb::from_be64(cursor.key()) : 0;
}

void recount_speeches(const lmdb::Txn& txn, const Store& store, Totals& totals) {
  totals.entries = 0;
  totals.size_bytes = 0;
  for_prefix(txn, store.dbi(Db::speeches), {}, [&](std::string_view, std::string_view bytes) {
    if (const auto speech = decode<SpeechEntry>(bytes)) {
      totals.entries += 1;
      totals.size_bytes += static_cast<std::int64_t>(speech->record.metadata.size_bytes);
    }
    return true;
  });
}

void recount_ledger(const lmdb::Txn& txn, const Store& store, Totals& totals) {
  totals.paid_micro_usd = 0;
  totals.paid_attempts = 0;
  for_prefix(txn, store.dbi(Db::ledger), {}, [&](std::string_view, std::string_view bytes) {
    const auto entry = decode<LedgerEntry>(bytes);
    if (entry && entry->state != AttemptState::reserved) {
      totals.paid_attempts += 1;
      totals.paid_micro_usd += entry->amount_micro_usd;
    }
    return true;
  });
}

}  // namespace

StoredTotals read_totals(const lmdb::Txn& txn, const Store& store) {
  return find<StoredTotals>(txn, store, Db::totals, kTotalsKey).value_or(StoredTotals{});
}

StoredTotals recount(const lmdb::Txn& txn, const Store& store, const StoredTotals& known) {
  StoredTotals counted = known;
  counted.next_event = std::max(known.next_event, last_id(txn, store.dbi(Db::events)) + 1);
  counted.next_ledger = std::max(known.next_ledger, last_id(txn, store.dbi(Db::ledger)) + 1);
  recount_speeches(txn, store, counted.totals);
  recount_ledger(txn, store, counted.totals);
  // Ever synthesised: those that are there, at the least.
  counted.totals.utterances =
      std::max(known.totals.utterances, txn.count(store.dbi(Db::utterances)));
  return counted;
}

}  // namespace bhashatts::catalog
