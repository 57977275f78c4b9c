#include "base/waiter.h"

#include <condition_variable>
#include <mutex>

namespace bhashatts {
namespace {

class RealWaiter final : public Waiter {
 public:
  std::chrono::steady_clock::time_point now() const override {
    return std::chrono::steady_clock::now();
  }
  void wait(std::chrono::milliseconds time, const std::stop_token& stop) override {
    std::mutex mutex;
    std::condition_variable_any never;  // nobody notifies it but the stop
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
  }
};

}  // namespace

Waiter& real_waiter() noexcept {
  static RealWaiter waiter;
  return waiter;
}

}  // namespace bhashatts
