// A clock that stands still until a test lets time pass; who waits on it waits for that.
//
// Thread rule: any thread.
#pragma once

#include <condition_variable>
#include <mutex>

#include "base/waiter.h"

namespace bhashatts::testing {

class ManualClock final : public Waiter {
 public:
  std::chrono::steady_clock::time_point now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void wait(std::chrono::milliseconds time, const std::stop_token& stop) override {
    std::unique_lock lock(mutex_);
    const auto until = now_ + time;
    ++waits_;
    changed_.notify_all();
    changed_.wait(lock, stop, [&] { return now_ >= until; });
  }
  void pass(std::chrono::milliseconds time) {
    const std::lock_guard lock(mutex_);
    now_ += time;
    changed_.notify_all();
  }
  // Returns when somebody has begun to wait so many times.
  void await_waits(int waits) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waits_ >= waits; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
  int waits_ = 0;
};

}  // namespace bhashatts::testing
