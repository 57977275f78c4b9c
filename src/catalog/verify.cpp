// Reads every record, holds each against the others, and says what is wrong. Mending follows one
// rule: what can be made again for nothing (indices, links, sums) is made again; a record that
// cannot be read, or a speech whose parts are unknown, is removed, so that the next request makes
// it anew; money is never forgotten.
//
// Removing one record can leave another without its partner, so a repair goes round until nothing
// is left to say, all in one commit.
#include <algorithm>
#include <map>
#include <utility>

#include "base/month.h"
#include "catalog/state.h"

namespace bhashatts::catalog {
namespace {

struct Fix {
  Db db;
  std::string key;
  std::optional<std::string> value;  // nothing: erase
};

constexpr int kMostRounds = 4;
constexpr std::size_t kKeyBytes = sizeof(Key::bytes);
constexpr std::size_t kMostKeyBytes = 511;  // LMDB's

// One round over everything, on one snapshot.
class Inspection {
 public:
  Inspection(const lmdb::Txn& txn, const Store& store, const StoredTotals& known)
      : txn_(txn), store_(store), known_(known) {}

  void run() {
    check_utterances();
    check_by_base();
    check_speeches();
    check_speech_of();
    check_counters();
    check_pages();
    check_pages_of();
    check_ledger();
    check_open();
    check_events();
    check_paces();
    check_totals();
    check_months();
  }

  std::int64_t records = 0;
  std::vector<std::string> problems;
  std::vector<Fix> fixes;
  std::optional<StoredTotals> counted;  // where the totals are wrong

 private:
  void fix(std::string problem, Db db, std::string_view key, std::optional<std::string> value) {
    problems.push_back(std::move(problem));
    if (key.empty() || key.size() > kMostKeyBytes) {
      problems.back() += "; its page is damaged, so it stays";  // LMDB removes no such key
      return;
    }
    fixes.push_back({db, std::string(key), std::move(value)});
  }
  void erase(std::string problem, Db db, std::string_view key) {
    fix(std::move(problem), db, key, std::nullopt);
  }
  bool has(Db db, std::string_view key) const { return txn_.get(store_.dbi(db), key).has_value(); }
  static std::string hex(std::string_view key) { return key_from(key).hex(); }

  template <typename Visit>
  void each(Db db, Visit visit) {
    for_prefix(txn_, store_.dbi(db), {}, [&](std::string_view key, std::string_view bytes) {
      ++records;
      visit(key, bytes);
      return true;
    });
  }

  void check_utterances();
  void check_by_base();
  void check_speeches();
  void check_parts(const SpeechEntry& speech, std::string_view key);
  void check_speech_of();
  void check_counters();
  void check_pages();
  void check_pages_of();
  void check_ledger();
  void mend_ledger(std::string_view id, std::int64_t at);
  void check_open();
  void check_events();
  void check_paces();
  void check_totals();
  void check_months();
  std::map<std::int64_t, std::int64_t> sums_by_month();

  const lmdb::Txn& txn_;
  const Store& store_;
  const StoredTotals& known_;
  bool ledger_mended_ = false;
};

void Inspection::check_utterances() {
  each(Db::utterances, [&](std::string_view key, std::string_view bytes) {
    const auto utterance = decode<UtteranceRecord>(bytes);
    if (!utterance || view(utterance->metadata.key) != key) {
      erase("utterance " + hex(key) + ": the record cannot be read", Db::utterances, key);
      return;
    }
    const std::string base = take_key(utterance->base, utterance->metadata.take);
    const auto index = txn_.get(store_.dbi(Db::by_base), base);
    if (index != key) {
      fix("utterance " + hex(key) + ": not listed under its base", Db::by_base, base,
          std::string(key));
    }
  });
}

void Inspection::check_by_base() {
  each(Db::by_base, [&](std::string_view key, std::string_view bytes) {
    if (bytes.size() != kKeyBytes || !has(Db::utterances, bytes)) {
      erase("utterance " + hex(bytes) + ": listed, but there is no record", Db::by_base, key);
    }
  });
}

void Inspection::check_speeches() {
  each(Db::speeches, [&](std::string_view key, std::string_view bytes) {
    const auto speech = decode<SpeechEntry>(bytes);
    if (!speech || view(speech->record.metadata.key) != key) {
      erase("speech " + hex(key) + ": the record cannot be read", Db::speeches, key);
      return;
    }
    check_parts(*speech, key);
  });
}

void Inspection::check_parts(const SpeechEntry& speech, std::string_view key) {
  for (const Key& part : speech.utterances) {
    if (!has(Db::utterances, view(part))) {
      erase("speech " + hex(key) + ": its utterance " + part.hex() + " has no record", Db::speeches,
            key);
      return;
    }
    const std::string row = joined(part, key);
    if (!has(Db::speech_of, row)) {
      fix("speech " + hex(key) + ": not listed under its utterance " + part.hex(), Db::speech_of,
          row, "");
    }
  }
}

void Inspection::check_speech_of() {
  each(Db::speech_of, [&](std::string_view key, std::string_view) {
    if (key.size() != 2 * kKeyBytes || !has(Db::speeches, key.substr(kKeyBytes))) {
      erase("utterance " + hex(key) + ": a speech that holds it is not there", Db::speech_of, key);
    }
  });
}

void Inspection::check_counters() {
  each(Db::counters, [&](std::string_view key, std::string_view bytes) {
    if (!decode<HitCounter>(bytes)) {
      erase("speech " + hex(key) + ": its counters cannot be read", Db::counters, key);
    } else if (!has(Db::speeches, key)) {
      erase("speech " + hex(key) + ": counters without a speech", Db::counters, key);
    }
  });
}

void Inspection::check_pages() {
  each(Db::pages, [&](std::string_view key, std::string_view bytes) {
    const auto link = decode<PageLink>(bytes);
    if (!link) {
      erase("a page link cannot be read", Db::pages, key);
    } else if (!has(Db::speeches, view(link->speech))) {
      erase("page " + std::to_string(link->page_number) + " of a story: its speech " +
                link->speech.hex() + " is not there",
            Db::pages, key);
    } else if (const auto row = joined(link->speech, key); !has(Db::pages_of, row)) {
      fix("speech " + link->speech.hex() + ": a page of it is not listed", Db::pages_of, row, "");
    }
  });
}

void Inspection::check_pages_of() {
  each(Db::pages_of, [&](std::string_view key, std::string_view) {
    const auto page = key.size() > kKeyBytes ? key.substr(kKeyBytes) : std::string_view();
    const auto link = page.empty() ? std::nullopt : find<PageLink>(txn_, store_, Db::pages, page);
    if (!link || view(link->speech) != key.substr(0, kKeyBytes)) {
      erase("speech " + hex(key) + ": listed for a page that is not linked to it", Db::pages_of,
            key);
    }
  });
}

void Inspection::check_ledger() {
  std::int64_t at = 0;
  each(Db::ledger, [&](std::string_view id, std::string_view bytes) {
    const auto entry = decode<LedgerEntry>(bytes);
    if (!entry) {
      mend_ledger(id, at);
      return;
    }
    at = entry->at;
    if (entry->state == AttemptState::reserved && !has(Db::open, id)) {
      fix("ledger entry " + std::to_string(lmdb::from_be64(id)) + ": reserved, but not listed",
          Db::open, id, "");
    }
  });
}

// What an unreadable entry held is the total less all the others: the first one gets it back.
void Inspection::mend_ledger(std::string_view id, std::int64_t at) {
  LedgerEntry mended;
  mended.at = at;
  mended.state = AttemptState::orphaned;
  mended.outcome = "unreadable";
  if (!std::exchange(ledger_mended_, true)) {
    const auto others = recount(txn_, store_, known_).totals.paid_micro_usd;
    mended.amount_micro_usd = std::max<std::int64_t>(0, known_.totals.paid_micro_usd - others);
  }
  fix("ledger entry " + std::to_string(lmdb::from_be64(id)) + ": the record cannot be read",
      Db::ledger, id, encode(mended));
}

void Inspection::check_open() {
  each(Db::open, [&](std::string_view id, std::string_view) {
    const auto entry = find<LedgerEntry>(txn_, store_, Db::ledger, id);
    if (!entry || entry->state != AttemptState::reserved) {
      erase("ledger entry " + std::to_string(lmdb::from_be64(id)) +
                ": listed as reserved, but is not",
            Db::open, id);
    }
  });
}

void Inspection::check_events() {
  each(Db::events, [&](std::string_view id, std::string_view bytes) {
    if (!decode<Event>(bytes)) {
      erase("event " + std::to_string(lmdb::from_be64(id)) + ": the record cannot be read",
            Db::events, id);
    }
  });
}

void Inspection::check_paces() {
  each(Db::paces, [&](std::string_view key, std::string_view bytes) {
    if (key.size() != 2 * kKeyBytes || !decode<NumberedPace>(bytes)) {
      erase("what a take told of its voice cannot be read", Db::paces, key);
    } else if (const auto utterance = key.substr(kKeyBytes); !has(Db::utterances, utterance)) {
      erase("utterance " + hex(utterance) + ": tells of its voice, but there is no record",
            Db::paces, key);
    }
  });
}

void Inspection::check_totals() {
  ++records;
  if (ledger_mended_) return;  // the next round counts what was mended
  const StoredTotals right = recount(txn_, store_, known_);
  if (encode(right) == encode(known_)) return;
  problems.emplace_back("the totals do not agree with the records");
  counted = right;
}

std::map<std::int64_t, std::int64_t> Inspection::sums_by_month() {
  std::map<std::int64_t, std::int64_t> sums;
  for_prefix(txn_, store_.dbi(Db::ledger), {}, [&](std::string_view, std::string_view bytes) {
    const auto entry = decode<LedgerEntry>(bytes);
    if (entry && entry->state != AttemptState::reserved) {
      sums[month_number(entry->at)] += entry->amount_micro_usd;
    }
    return true;
  });
  return sums;
}

void Inspection::check_months() {
  if (ledger_mended_) return;
  auto sums = sums_by_month();
  each(Db::months, [&](std::string_view key, std::string_view) {
    sums.try_emplace(static_cast<std::int64_t>(lmdb::from_be64(key)), 0);
  });
  for (const auto& [month, sum] : sums) {
    const std::string key = lmdb::be64(static_cast<std::uint64_t>(month));
    const auto bytes = txn_.get(store_.dbi(Db::months), key);
    if (static_cast<std::int64_t>(lmdb::from_be64(bytes.value_or(""))) == sum) continue;
    fix("month " + std::to_string(month) + ": its sum does not agree with the ledger", Db::months,
        key, lmdb::be64(static_cast<std::uint64_t>(sum)));
  }
}

void apply(Change& change, const Inspection& inspection) {
  for (const Fix& fix : inspection.fixes) {
    if (fix.value) {
      change.put(fix.db, fix.key, *fix.value);
    } else {
      change.erase(fix.db, fix.key);
    }
  }
  if (inspection.counted) change.totals = *inspection.counted;
}

// Returns the records of the first round; later ones read the same.
std::int64_t repair_all(Store& store, std::vector<std::string>& problems) {
  Change change(store);
  std::int64_t records = 0;
  for (int round = 0; round < kMostRounds; ++round) {
    Inspection inspection(change.txn(), store, change.totals);
    inspection.run();
    if (round == 0) records = inspection.records;
    if (inspection.problems.empty()) break;
    problems.insert(problems.end(), inspection.problems.begin(), inspection.problems.end());
    apply(change, inspection);
  }
  change.commit();
  return records;
}

std::int64_t inspect_all(const Store& store, std::vector<std::string>& problems) {
  const lmdb::ReadTxn txn(*store.env);
  const StoredTotals known = read_totals(txn, store);
  Inspection inspection(txn, store, known);
  inspection.run();
  problems = std::move(inspection.problems);
  return inspection.records;
}

}  // namespace

std::int64_t Catalog::verify(bool repair, const std::function<void(const std::string&)>& bad) {
  std::vector<std::string> problems;
  const std::int64_t records =
      repair ? repair_all(state_->store, problems) : inspect_all(state_->store, problems);
  for (const std::string& problem : problems) bad(problem);
  return records;
}

}  // namespace bhashatts::catalog
