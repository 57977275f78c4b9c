#include "engine/attempt_ledger.h"

#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace bhashatts::engine {

using catalog::AttemptState;

AttemptLedger::AttemptLedger(catalog::Catalog& catalog, const Key& utterance,
                             std::string synthesizer, std::int64_t upper_bound,
                             std::int64_t month_budget)
    : catalog_(catalog) {
  entry_.at = unix_ms();
  entry_.utterance = utterance;
  entry_.synthesizer = std::move(synthesizer);
  entry_.amount_micro_usd = upper_bound;
  if (upper_bound > 0) reservation_ = catalog_.reserve(entry_, month_budget);
}

AttemptLedger::AttemptLedger(AttemptLedger&& other) noexcept
    : catalog_(other.catalog_),
      entry_(std::move(other.entry_)),
      reservation_(other.reservation_),
      owed_(std::exchange(other.owed_, std::nullopt)) {}

AttemptLedger::~AttemptLedger() { settle(); }

void AttemptLedger::owe(const SynthesisResult& result, std::string outcome) {
  if (reservation_ == 0 && result.cost_micro_usd == 0) return;
  owed_ = entry_;
  owed_->state = AttemptState::settled;
  owed_->amount_micro_usd = result.cost_micro_usd;
  owed_->compute_ms = result.compute_ms;
  owed_->outcome = std::move(outcome);
  owed_->request_id = result.request_id;
  owed_->model_revision = result.model_revision;
}

void AttemptLedger::settle() noexcept {
  if (!owed_) return;
  try {
    catalog_.settle(reservation_, *owed_);
  } catch (const std::exception& failure) {
    log(LogLevel::error, "ledger", failure.what());
  }
}

}  // namespace bhashatts::engine
