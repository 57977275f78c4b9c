#include "engine/attempts.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace bhashatts::engine {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kComponent = "attempts";

double jitter() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(random);
}

std::string seconds_text(milliseconds time) {
  return std::to_string((time.count() + 999) / 1000) + " s";
}

[[noreturn]] void refuse(const net::Breaker::Refusal& refusal) {
  throw Error(refusal.code,
              "not tried: the calls before failed (" + std::string(name(refusal.code)) +
                  "); the next one is let through in " + seconds_text(refusal.retry_after) +
                  "; bhashatts status tells more",
              true, refusal.retry_after)
      .untried();
}

}  // namespace

// The breaker's side of one attempt. What is not reported, because something else went wrong
// first, lets the next one through.
class Attempts::Permit {
 public:
  explicit Permit(net::Breaker* breaker) : breaker_(breaker) {
    if (breaker_ == nullptr) return;
    if (const auto refusal = breaker_->ask()) refuse(*refusal);
  }
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;
  ~Permit() {
    if (breaker_ != nullptr && !reported_) {
      breaker_->failed(Error(ErrorCode::cancelled, "the call was not made"));
    }
  }
  void succeeded() {
    if (breaker_ != nullptr) breaker_->succeeded();
    reported_ = true;
  }
  void failed(const Error& error) {
    if (breaker_ != nullptr) breaker_->failed(error);
    reported_ = true;
  }

 private:
  net::Breaker* breaker_;
  bool reported_ = false;
};

namespace {

// Millions of the largest amounts can be added up, so that no voice's number overflows a sum and
// voids a budget: a million dollars, eleven days.
std::int64_t plausible_cost(std::int64_t micro_usd) {
  return std::clamp<std::int64_t>(micro_usd, 0, 1'000'000'000'000);
}
std::int64_t plausible_ms(std::int64_t ms, const Stopwatch& watch) {
  return ms <= 0 ? watch.ms() : std::min<std::int64_t>(ms, 1'000'000'000);
}

SynthesisResult guarded(Synthesizer& synthesizer, const SynthesisRequest& request) {
  const Stopwatch watch;
  try {
    SynthesisResult result = synthesizer.synthesize(request);
    result.compute_ms = plausible_ms(result.compute_ms, watch);
    result.cost_micro_usd = plausible_cost(result.cost_micro_usd);
    return result;
  } catch (const Error& error) {
    // As itself: a type of some room's own does not leave the room.
    throw Error(error).costing(plausible_cost(error.cost_micro_usd()));
  } catch (const std::exception& error) {
    throw Error(ErrorCode::plugin_failed, std::string("the synthesizer raised: ") + error.what());
  } catch (...) {
    throw Error(ErrorCode::plugin_failed, "the synthesizer raised something that is no exception");
  }
}

void tell(const Error& error, int made, bool again) {
  log(again ? LogLevel::info : LogLevel::warning, kComponent,
      "attempt " + std::to_string(made) + ": " + std::string(name(error.code())) + ": " +
          error.what() + (error.detail().empty() ? "" : " [" + error.detail() + "]"));
}

}  // namespace

Attempts::Accepted Attempts::run(const Voice& voice, const Plan& plan, const Utterance& utterance,
                                 const std::stop_token& stop) {
  const Deadline end = waiter_.now() + terms_.total;
  Gate::Doubted doubted;
  for (int made = 1;; ++made) {
    const SynthesisRequest request{.text = utterance.text,
                                   .language = plan.language->name,
                                   .voice_style = plan.voice_style->name,
                                   .description = plan.description,
                                   .take = utterance.take,
                                   .attempt = made - 1,
                                   .deadline = std::chrono::steady_clock::now() + patience(end),
                                   .stop = stop};
    Permit permit(voice.breaker.get());  // that it refuses is no attempt, and not tried again
    try {
      return attempt(voice, plan, utterance, request, permit, doubted);
    } catch (const Error& error) {
      const auto wait = wait_after(voice, made, error, end);
      tell(error, made, wait.has_value());
      if (!wait) throw;
      waiter_.wait(*wait, stop);
      if (stop.stop_requested()) throw;
    }
  }
}

// Of one attempt. Its deadline is on the real clock, as transports are; the waits are the waiter's.
std::chrono::steady_clock::duration Attempts::patience(Deadline end) const {
  return std::min<std::chrono::steady_clock::duration>(terms_.each, end - waiter_.now());
}

// Nothing: give up. Only what the synthesizer raised is worth another attempt, and none is while
// the breaker is open.
std::optional<milliseconds> Attempts::wait_after(const Voice& voice, int made, const Error& error,
                                                 Deadline end) const {
  const auto code = static_cast<int>(error.code());
  if (code < 400 || code >= 500 || voice.refusal()) return std::nullopt;
  const auto left = std::chrono::duration_cast<milliseconds>(end - waiter_.now());
  return terms_.retry.wait_after(made, error, left, jitter());
}

Attempts::Accepted Attempts::attempt(const Voice& voice, const Plan& plan,
                                     const Utterance& utterance, const SynthesisRequest& request,
                                     Permit& permit, Gate::Doubted& doubted) {
  AttemptLedger ledger(purse_, utterance.key, voice.identity,
                       plausible_cost(voice.synthesizer->limits().max_cost_micro_usd));
  const Stopwatch watch;
  SynthesisResult result;
  try {
    result = guarded(*voice.synthesizer, request);
  } catch (const Error& error) {
    permit.failed(error);
    ledger.owe({.audio = {}, .compute_ms = watch.ms(), .cost_micro_usd = error.cost_micro_usd()},
               std::string(name(error.code())));
    throw;
  }
  permit.succeeded();
  ledger.owe(result, std::string(name(ErrorCode::bad_audio)));  // unless the gate lets it pass
  auto passed = gate_.pass(voice.identity, plan, utterance, result.audio.span(), doubted);
  ledger.owe(result, "made");
  return {std::move(result), std::move(passed), std::move(ledger)};
}

}  // namespace bhashatts::engine
