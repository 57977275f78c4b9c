#include "blob/s3_retry.h"

#include <algorithm>

namespace bhashatts::blob {
namespace {

using std::chrono::milliseconds;

constexpr int kTransientCost = 14;
constexpr int kThrottledCost = 5;
constexpr milliseconds kTransientBase{50};
constexpr milliseconds kThrottledBase{1'000};
constexpr milliseconds kCap{20'000};
constexpr milliseconds kMostBeyond{5'000};

}  // namespace

bool RetryQuota::take(int cost) noexcept {
  int tokens = left();
  while (tokens >= cost) {
    if (tokens_.compare_exchange_weak(tokens, tokens - cost, std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

void RetryQuota::give(int tokens) noexcept {
  int before = left();
  while (before < kMost && !tokens_.compare_exchange_weak(before, std::min(before + tokens, kMost),
                                                          std::memory_order_relaxed)) {
  }
}

Patience::Patience(RetryQuota& quota, Waiter& waiter, const std::function<double()>& jitter,
                   milliseconds timeout, PatienceTerms terms)
    : quota_(quota),
      waiter_(waiter),
      jitter_(jitter),
      terms_(terms),
      until_(waiter.now() + timeout) {}

milliseconds Patience::pause(S3Fault fault, std::optional<milliseconds> wanted) const {
  const bool throttled = fault == S3Fault::throttled;
  milliseconds most = throttled ? kThrottledBase : kTransientBase;
  for (int i = 1; i < made_ && most < kCap; ++i) most *= 2;
  most = std::min(most, kCap);
  milliseconds wait(static_cast<milliseconds::rep>(static_cast<double>(most.count()) * jitter_()));
  if (throttled) wait += terms_.least_when_throttled;
  return wanted ? std::clamp(*wanted, wait, wait + kMostBeyond) : wait;
}

bool Patience::again(S3Fault fault, std::optional<milliseconds> wanted) {
  if (fault == S3Fault::none || ++made_ >= terms_.max_attempts) return false;
  const milliseconds wait = pause(fault, wanted);
  if (waiter_.now() + wait >= until_) return false;
  const int cost = fault == S3Fault::throttled ? kThrottledCost : kTransientCost;
  if (!quota_.take(cost)) return false;
  paid_ = cost;
  waiter_.wait(wait, {});
  return true;
}

void Patience::succeeded() noexcept { quota_.give(std::max(paid_, 1)); }

}  // namespace bhashatts::blob
