// The attempts at one utterance: each is let through by the breaker, reserved in the ledger, made,
// weighed by the gate and, where it failed for a reason that may pass, followed by another.
//
// A wait between two attempts holds its worker on purpose: whoever else asks this upstream now
// would be told to wait too, and the key stays locked, so that no other process begins to count
// its attempts from nought.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

#include "base/waiter.h"
#include "engine/attempt_ledger.h"
#include "engine/gate.h"
#include "engine/voice.h"
#include "net/retry.h"

namespace bhashatts::engine {

struct AttemptTerms {
  net::RetryPolicy retry = {};
  std::chrono::milliseconds each{120'000};   // one attempt
  std::chrono::milliseconds total{360'000};  // all of them, with the waits
};

class Attempts {
 public:
  // All outlive it.
  Attempts(const Purse& purse, Gate& gate, AttemptTerms terms, Waiter& waiter = real_waiter())
      : purse_(purse), gate_(gate), terms_(terms), waiter_(waiter) {}

  // An attempt that passed the gate, not yet settled: that commits together with the audio. Lost
  // on the way there, it settles by itself.
  struct Accepted {
    SynthesisResult result;
    Gate::Passed passed;
    AttemptLedger ledger;
  };
  // Raises what the last attempt failed with, budget_exhausted before any money is spent, or what
  // opened the breaker. Each failed attempt is settled when this raises.
  Accepted run(const Voice& voice, const Plan& plan, const Utterance& utterance,
               const std::stop_token& stop);

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  class Permit;
  Accepted attempt(const Voice& voice, const Plan& plan, const Utterance& utterance,
                   const SynthesisRequest& request, Permit& permit, Gate::Doubted& doubted);
  std::chrono::steady_clock::duration patience(Deadline end) const;
  std::optional<std::chrono::milliseconds> wait_after(const Voice& voice, int made,
                                                      const Error& error, Deadline end) const;

  const Purse purse_;
  Gate& gate_;
  const AttemptTerms terms_;
  Waiter& waiter_;
};

}  // namespace bhashatts::engine
