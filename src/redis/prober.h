// Asks a Redis that is down whether it is back, so that no request has to.
//
// Thread rule: any thread of the process that made it, but not the probe itself.
#pragma once

#include <functional>
#include <thread>

#include "base/mutex.h"
#include "net/breaker.h"

namespace bhashatts::redis {

class Prober {
 public:
  // probe: raises what is wrong. Both are used for as long as the prober lives.
  Prober(net::Breaker& breaker, std::function<void()> probe)
      : breaker_(breaker), probe_(std::move(probe)) {}
  ~Prober();  // waits for a probe that is under way
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  // Probes whenever the breaker lets it, until the breaker is closed.
  void start() noexcept;
  bool running();

 private:
  void run();
  bool wait(std::chrono::milliseconds time);
  void attempt();

  net::Breaker& breaker_;
  const std::function<void()> probe_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool running_ GUARDED_BY(mutex_) = false;
  std::thread thread_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::redis
