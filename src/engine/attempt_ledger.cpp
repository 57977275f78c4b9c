#include "engine/attempt_ledger.h"

#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/month.h"

namespace bhashatts::engine {

using catalog::AttemptState;

AttemptLedger::AttemptLedger(const Purse& purse, const Key& utterance, std::string synthesizer,
                             std::int64_t upper_bound)
    : purse_(purse) {
  entry_.at = unix_ms();
  entry_.utterance = utterance;
  entry_.synthesizer = std::move(synthesizer);
  entry_.amount_micro_usd = upper_bound;
  if (upper_bound > 0) reserve();
}

// All hosts' first: it is the one that says no more often.
void AttemptLedger::reserve() {
  reserve_shared();
  try {
    reservation_ = purse_.catalog.reserve(entry_, purse_.month_budget);
  } catch (...) {
    correct_shared(0);
    throw;
  }
}

void AttemptLedger::reserve_shared() {
  if (!is_shared()) return;
  const auto borne =
      purse_.shared->reserve(month_name(entry_.at), entry_.amount_micro_usd, purse_.month_budget,
                             purse_.catalog.spent_micro_usd_since(start_of_month_ms(entry_.at)));
  if (borne.value_or(true)) return;
  throw Error(
      ErrorCode::budget_exhausted,
      "this month's budget, which all hosts share, does not allow one more synthesis; raise "
      "BHASHATTS_BUDGET_USD_MONTH or wait for the next month");
}

void AttemptLedger::correct_shared(std::int64_t cost) noexcept {
  if (!is_shared() || std::exchange(corrected_, true)) return;
  purse_.shared->settle(month_name(entry_.at), cost - entry_.amount_micro_usd);
}

AttemptLedger::AttemptLedger(AttemptLedger&& other) noexcept
    : purse_(other.purse_),
      entry_(std::move(other.entry_)),
      reservation_(other.reservation_),
      owed_(std::exchange(other.owed_, std::nullopt)),
      corrected_(other.corrected_) {}

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
  if (reservation_ != 0) correct_shared(result.cost_micro_usd);
}

void AttemptLedger::settle() noexcept {
  if (!owed_) return;
  try {
    purse_.catalog.settle(reservation_, *owed_);
  } catch (const std::exception& failure) {
    log(LogLevel::error, "ledger", failure.what());
  }
}

}  // namespace bhashatts::engine
