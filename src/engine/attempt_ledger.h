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
#include "redis/budget.h"

namespace bhashatts::engine {

// Where money comes from. All outlive the attempts.
struct Purse {
  catalog::Catalog& catalog;
  std::int64_t month_budget = 0;          // micro-dollars; 0: none
  redis::SharedBudget* shared = nullptr;  // null: this host alone spends it
};

class AttemptLedger {
 public:
  // Reserves `upper_bound` micro-dollars when it is not 0: durable when this returns. Raises
  // budget_exhausted where the month's budget does not bear it, on this host or with all others.
  AttemptLedger(const Purse& purse, const Key& utterance, std::string synthesizer,
                std::int64_t upper_bound);
  AttemptLedger(AttemptLedger&& other) noexcept;
  AttemptLedger(const AttemptLedger&) = delete;
  AttemptLedger& operator=(const AttemptLedger&) = delete;
  AttemptLedger& operator=(AttemptLedger&&) = delete;
  // Settles what was owed() and not committed: something went wrong behind the attempt. What
  // cannot be settled is logged, and the reservation counts as spent at the next opening.
  ~AttemptLedger();

  // From now on it is known what the attempt cost. outcome: "made", or the name of an ErrorCode.
  void owe(const SynthesisResult& result, std::string outcome);
  // What commits together with the audio; nothing for a free attempt.
  const std::optional<catalog::LedgerEntry>& owed() const { return owed_; }
  std::uint64_t reservation() const { return reservation_; }
  void committed() { owed_.reset(); }

 private:
  void reserve();
  bool is_shared() const { return purse_.shared != nullptr && purse_.month_budget > 0; }
  void reserve_shared();
  // Once: what it comes to in the end is known at the first owe().
  void correct_shared(std::int64_t cost) noexcept;
  void settle() noexcept;

  Purse purse_;
  catalog::LedgerEntry entry_;
  std::uint64_t reservation_ = 0;
  std::optional<catalog::LedgerEntry> owed_;
  bool corrected_ = false;
};

}  // namespace bhashatts::engine
