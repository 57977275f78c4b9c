// The engine's own threads: what is paid for runs here, never on a caller's thread, so that a
// caller may leave without harm.
//
// A job that must wait for another process says when to come back instead of blocking a thread, so
// that eight workers waiting for one process's flight cannot starve the texts behind them.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "bhashatts/error.h"

namespace bhashatts::engine {

class Job {
 public:
  virtual ~Job() = default;
  // Nothing: done. Else: call again after that long. Must not raise.
  virtual std::optional<std::chrono::milliseconds> run(const std::stop_token& stop) noexcept = 0;
  // Instead of run(), when the engine closed before the job's turn came.
  virtual void abandon() noexcept = 0;
};

// How long a job that found another in its way stays away: 2, 4, ... 64 ms, each between half and
// all of it, so that waiting processes do not come in step.
class PoliteWait {
 public:
  std::chrono::milliseconds next();
  bool waited() const { return waits_ > 0; }

 private:
  int waits_ = 0;
};

// The exception that is being handled, as an Error: for jobs, which must not raise.
Error error_in_flight() noexcept;

class Workers {
 public:
  explicit Workers(std::size_t threads);
  ~Workers();  // close() without patience
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // When closed, the job is abandoned at once.
  void submit(std::unique_ptr<Job> job);
  // How many jobs are queued or running.
  std::int64_t pending();
  // Takes no more jobs, waits until `until` for those it has, then asks the running ones to stop
  // and abandons the rest. Idempotent.
  void close(std::chrono::steady_clock::time_point until);

 private:
  using Clock = std::chrono::steady_clock;
  bool enqueue(std::unique_ptr<Job>& job) EXCLUDES(mutex_);
  void work();
  std::unique_ptr<Job> take() EXCLUDES(mutex_);

  const std::size_t most_threads_;
  std::stop_source stop_;
  Mutex mutex_;
  CondVar changed_;
  std::multimap<Clock::time_point, std::unique_ptr<Job>> queue_ GUARDED_BY(mutex_);
  std::int64_t running_ GUARDED_BY(mutex_) = 0;
  std::size_t idle_ GUARDED_BY(mutex_) = 0;
  bool closing_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::engine
