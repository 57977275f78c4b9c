// The ledger's side of one attempt: reserved before, settled after, whatever happens between.
//
// An attempt at a synthesizer that is free leaves no entry: the ledger holds money only.
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bhashatts/error.h"
#include "bhashatts/synthesizer.h"
#include "catalog/catalog.h"

namespace bhashatts::engine {

class AttemptLedger {
 public:
  // Reserves `upper_bound` micro-dollars when it is not 0: durable when this returns. Raises
  // budget_exhausted where the month's budget (0: none) does not bear it.
  AttemptLedger(catalog::Catalog& catalog, const Key& utterance, std::string synthesizer,
                std::int64_t upper_bound, std::int64_t month_budget);

  // What commits together with the audio; nothing to settle for a free attempt. result: cost,
  // time and the upstream's names of the call.
  std::uint64_t reservation() const { return reservation_; }
  std::optional<catalog::LedgerEntry> settled(const SynthesisResult& result,
                                              std::string outcome) const;
  // A failed attempt settles at once; that it cannot be written is logged, and the reservation
  // then counts as spent at the next opening.
  void fail(const Error& error, const SynthesisResult& result) noexcept;

 private:
  catalog::Catalog* catalog_;
  catalog::LedgerEntry entry_;
  std::uint64_t reservation_ = 0;
};

}  // namespace bhashatts::engine
