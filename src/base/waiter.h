// Waiting between attempts, as a seam: tests pass a waiter that only notes how long it was asked to
// wait.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <stop_token>

namespace bhashatts {

class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual std::chrono::steady_clock::time_point now() const = 0;
  // Returns early when `stop` is requested.
  virtual void wait(std::chrono::milliseconds time, const std::stop_token& stop) = 0;
};

// On the steady clock.
Waiter& real_waiter() noexcept;

}  // namespace bhashatts
