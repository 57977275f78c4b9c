// What was paid. An entry is reserved at its upper bound before the attempt and settled after it; a
// reservation whose owner is gone counts as spent. Sums are kept by month, so that asking whether
// the budget allows one more call reads a handful of records.
#include "base/month.h"
#include "bhashatts/error.h"
#include "catalog/state.h"

namespace bhashatts::catalog {
namespace {

std::string month_key(std::int64_t unix_ms) {
  return lmdb::be64(static_cast<std::uint64_t>(month_number(unix_ms)));
}

void add_to_month(Change& change, std::int64_t at, std::int64_t amount) {
  if (amount == 0) return;
  const std::string key = month_key(at);
  const auto before = change.txn().get(change.store().dbi(Db::months), key);
  const auto sum = (before ? static_cast<std::int64_t>(lmdb::from_be64(*before)) : 0) + amount;
  change.put(Db::months, key, lmdb::be64(static_cast<std::uint64_t>(sum)));
}

// sign: +1 to count the entry, -1 to take it out again.
void count(Change& change, const LedgerEntry& entry, std::int64_t sign) {
  if (entry.state == AttemptState::reserved) return;
  change.totals.totals.paid_micro_usd += sign * entry.amount_micro_usd;
  change.totals.totals.paid_attempts += sign;
  add_to_month(change, entry.at, sign * entry.amount_micro_usd);
}

std::int64_t sum_of_months(const lmdb::Txn& txn, const Store& store, std::int64_t from) {
  std::int64_t sum = 0;
  lmdb::Cursor cursor(txn, store.dbi(Db::months));
  for (bool more = cursor.seek(month_key(from)); more; more = cursor.next()) {
    sum += static_cast<std::int64_t>(lmdb::from_be64(cursor.value()));
  }
  return sum;
}

std::int64_t sum_of_ledger(const lmdb::Txn& txn, const Store& store, std::int64_t from) {
  std::int64_t sum = 0;
  for_prefix(txn, store.dbi(Db::ledger), {}, [&](std::string_view, std::string_view bytes) {
    const auto entry = decode<LedgerEntry>(bytes);
    if (entry && entry->at >= from) sum += entry->amount_micro_usd;
    return true;
  });
  return sum;
}

std::vector<std::pair<std::uint64_t, LedgerEntry>> open_reservations(const lmdb::Txn& txn,
                                                                     const Store& store) {
  std::vector<std::pair<std::uint64_t, LedgerEntry>> open;
  for_prefix(txn, store.dbi(Db::open), {}, [&](std::string_view id, std::string_view) {
    if (auto entry = find<LedgerEntry>(txn, store, Db::ledger, id)) {
      open.emplace_back(lmdb::from_be64(id), std::move(*entry));
    }
    return true;
  });
  return open;
}

void refuse_over_budget(Change& change, const LedgerEntry& entry, std::int64_t budget) {
  const std::int64_t spent = spent_since(change.txn(), change.store(), start_of_month_ms(entry.at));
  if (spent + entry.amount_micro_usd > budget) {
    throw Error(ErrorCode::budget_exhausted,
                "this month's budget does not allow one more synthesis; raise "
                "BHASHATTS_BUDGET_USD_MONTH or wait for the next month");
  }
}

}  // namespace

std::int64_t spent_since(const lmdb::Txn& txn, const Store& store, std::int64_t unix_ms) {
  if (unix_ms != start_of_month_ms(unix_ms)) return sum_of_ledger(txn, store, unix_ms);
  std::int64_t sum = sum_of_months(txn, store, unix_ms);
  for (const auto& [id, entry] : open_reservations(txn, store)) {
    if (entry.at >= unix_ms) sum += entry.amount_micro_usd;
  }
  return sum;
}

std::uint64_t put_ledger(Change& change, std::uint64_t id, const LedgerEntry& entry) {
  LedgerEntry now = entry;
  const auto before = id == 0 ? std::nullopt : change.find<LedgerEntry>(Db::ledger, lmdb::be64(id));
  if (before) {
    count(change, *before, -1);
    now.at = before->at;  // its month stays its month
    now.owner = before->owner;
  } else {
    id = change.totals.next_ledger++;
  }
  count(change, now, +1);
  change.put(Db::ledger, lmdb::be64(id), encode(now));
  if (now.state == AttemptState::reserved) {
    change.put(Db::open, lmdb::be64(id), {});
  } else {
    change.erase(Db::open, lmdb::be64(id));
  }
  return id;
}

std::uint64_t Catalog::reserve(const LedgerEntry& entry, std::int64_t month_budget_micro_usd) {
  Store& store = state_->store;
  Change change(store);
  if (month_budget_micro_usd > 0) refuse_over_budget(change, entry, month_budget_micro_usd);
  LedgerEntry reserved = entry;
  reserved.state = AttemptState::reserved;
  reserved.owner = store.token ? store.token->offset() : 0;
  const std::uint64_t id = put_ledger(change, 0, reserved);
  change.commit();
  return id;
}

void Catalog::settle(std::uint64_t reservation, const LedgerEntry& given) {
  Change change(state_->store);
  LedgerEntry settled = given;
  settled.state = AttemptState::settled;
  put_ledger(change, reservation, settled);
  change.commit();
}

std::int64_t Catalog::orphan_reservations() {
  Store& store = state_->store;
  std::vector<std::uint64_t> dead;
  {
    const lmdb::ReadTxn txn(*store.env);
    for (const auto& [id, entry] : open_reservations(txn, store)) {
      if (!store.owners || !store.owners->is_locked(entry.owner)) dead.push_back(id);
    }
  }
  if (dead.empty()) return 0;
  Change change(store);
  std::int64_t orphaned = 0;
  for (const std::uint64_t id : dead) {
    auto entry = change.find<LedgerEntry>(Db::ledger, lmdb::be64(id));
    // Its owner may have settled it in its last moment, or another process seen to it.
    if (!entry || entry->state != AttemptState::reserved) continue;
    entry->state = AttemptState::orphaned;
    put_ledger(change, id, *entry);
    ++orphaned;
  }
  change.commit();
  return orphaned;
}

std::vector<LedgerEntry> Catalog::ledger(std::size_t limit) {
  const Store& store = state_->store;
  const lmdb::ReadTxn txn(*store.env);
  std::vector<LedgerEntry> entries;
  for (std::uint64_t id = read_totals(txn, store).next_ledger - 1; id > 0 && entries.size() < limit;
       --id) {
    if (auto entry = find<LedgerEntry>(txn, store, Db::ledger, lmdb::be64(id))) {
      entry->id = id;
      entries.push_back(std::move(*entry));
    }
  }
  return entries;
}

std::int64_t Catalog::spent_micro_usd_since(std::int64_t unix_ms) {
  const lmdb::ReadTxn txn(*state_->store.env);
  return spent_since(txn, state_->store, unix_ms);
}

}  // namespace bhashatts::catalog
