// A clock that only moves when somebody waits, and notes for how long.
//
// Thread rule: one thread.
#pragma once

#include <chrono>
#include <vector>

#include "base/waiter.h"

namespace bhashatts::testing {

class FakeWaiter final : public Waiter {
 public:
  std::chrono::steady_clock::time_point now() const override { return now_; }
  void wait(std::chrono::milliseconds time, const std::stop_token& /*stop*/) override {
    waits.push_back(time);
    pass(time);
  }
  void pass(std::chrono::milliseconds time) { now_ += time; }

  std::vector<std::chrono::milliseconds> waits;

 private:
  // Not long ago, so that deadlines on this clock are not over on the real one.
  std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
};

}  // namespace bhashatts::testing
