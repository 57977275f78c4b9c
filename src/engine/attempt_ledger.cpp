#include "engine/attempt_ledger.h"

#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace bhashatts::engine {

using catalog::AttemptState;
using catalog::LedgerEntry;

AttemptLedger::AttemptLedger(catalog::Catalog& catalog, const Key& utterance,
                             std::string synthesizer, std::int64_t upper_bound)
    : catalog_(catalog) {
  entry_.at = unix_ms();
  entry_.utterance = utterance;
  entry_.synthesizer = std::move(synthesizer);
  entry_.amount_micro_usd = upper_bound;
  if (upper_bound > 0) reservation_ = catalog_.reserve(entry_);
}

std::optional<LedgerEntry> AttemptLedger::settled(std::int64_t cost, std::int64_t compute_ms,
                                                  std::string outcome) const {
  if (reservation_ == 0 && cost == 0) return std::nullopt;
  LedgerEntry entry = entry_;
  entry.state = AttemptState::settled;
  entry.amount_micro_usd = cost;
  entry.compute_ms = compute_ms;
  entry.outcome = std::move(outcome);
  return entry;
}

void AttemptLedger::fail(const Error& error, std::int64_t cost, std::int64_t compute_ms) noexcept {
  try {
    if (const auto entry = settled(cost, compute_ms, std::string(name(error.code())))) {
      catalog_.settle(reservation_, *entry);
    }
  } catch (const std::exception& failure) {
    log(LogLevel::error, "ledger", failure.what());
  }
}

}  // namespace bhashatts::engine
