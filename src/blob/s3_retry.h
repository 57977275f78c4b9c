// When a call is made again: the standard mode of AWS's own clients (2026).
//
// At most 3 attempts, backoff with full jitter from 50 ms (1 s where the store is throttling) up to
// 20 s, and a quota of 500 tokens that all calls of a client share: a repetition costs 14 (5 of a
// throttled call), a success gives back what it cost. So a store that is down gets few repetitions,
// and one that hiccups gets them all.
//
// Thread rule: a RetryQuota is for all threads (atomic: a fork takes no lock along); a Patience is
// of one call.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>

#include "base/waiter.h"
#include "blob/s3_error.h"

namespace bhashatts::blob {

class RetryQuota {
 public:
  static constexpr int kMost = 500;

  bool take(int cost) noexcept;
  void give(int tokens) noexcept;
  int left() const noexcept { return tokens_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> tokens_{kMost};
};

struct PatienceTerms {
  int max_attempts = 3;
  // A write of one name that is being throttled waits at least so long (R2 takes one a second).
  std::chrono::milliseconds least_when_throttled{0};
};

class Patience {
 public:
  // All that is given outlives it. jitter: gives 0 to 1.
  Patience(RetryQuota& quota, Waiter& waiter, const std::function<double()>& jitter,
           std::chrono::milliseconds timeout, PatienceTerms terms = {});

  std::chrono::steady_clock::time_point until() const noexcept { return until_; }
  // After an attempt that failed so: waits, and returns whether to make another. wanted: what the
  // store asked for, obeyed up to 5 s beyond our own backoff.
  bool again(S3Fault fault, std::optional<std::chrono::milliseconds> wanted);
  void succeeded() noexcept;

 private:
  std::chrono::milliseconds pause(S3Fault fault,
                                  std::optional<std::chrono::milliseconds> wanted) const;

  RetryQuota& quota_;
  Waiter& waiter_;
  const std::function<double()>& jitter_;
  PatienceTerms terms_;
  std::chrono::steady_clock::time_point until_;
  int made_ = 0;
  int paid_ = 0;  // for the last repetition
};

}  // namespace bhashatts::blob
