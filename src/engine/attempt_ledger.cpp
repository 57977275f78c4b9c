#include "engine/attempt_ledger.h"

#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace bhashatts::engine {

using catalog::AttemptState;
using catalog::LedgerEntry;

AttemptLedger::AttemptLedger(catalog::Catalog& catalog, const Key& utterance,
                             std::string synthesizer, std::int64_t upper_bound,
                             std::int64_t month_budget)
    : catalog_(&catalog) {
  entry_.at = unix_ms();
  entry_.utterance = utterance;
  entry_.synthesizer = std::move(synthesizer);
  entry_.amount_micro_usd = upper_bound;
  if (upper_bound > 0) reservation_ = catalog_->reserve(entry_, month_budget);
}

std::optional<LedgerEntry> AttemptLedger::settled(const SynthesisResult& result,
                                                  std::string outcome) const {
  if (reservation_ == 0 && result.cost_micro_usd == 0) return std::nullopt;
  LedgerEntry entry = entry_;
  entry.state = AttemptState::settled;
  entry.amount_micro_usd = result.cost_micro_usd;
  entry.compute_ms = result.compute_ms;
  entry.outcome = std::move(outcome);
  entry.request_id = result.request_id;
  entry.model_revision = result.model_revision;
  return entry;
}

void AttemptLedger::fail(const Error& error, const SynthesisResult& result) noexcept {
  try {
    if (const auto entry = settled(result, std::string(name(error.code())))) {
      catalog_->settle(reservation_, *entry);
    }
  } catch (const std::exception& failure) {
    log(LogLevel::error, "ledger", failure.what());
  }
}

}  // namespace bhashatts::engine
