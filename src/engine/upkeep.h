// What happens behind the requests: usage is written, observers are served, crashes are cleaned up.
//
// Thread rule: any thread. One thread of its own, begun by start().
#pragma once

#include <cstdint>
#include <thread>

#include "base/mutex.h"
#include "engine/rooms.h"
#include "engine/usage_log.h"

namespace bhashatts::engine {

class Upkeep {
 public:
  Upkeep(Rooms& rooms, UsageLog& usage) : rooms_(rooms), usage_(usage) {}
  ~Upkeep() { stop(); }
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  void start();
  void wake();
  // Writes what is owed now, on the caller's thread, and waits for a sweep under way. Called by an
  // observer or a store that a turn is calling, it does not wait: only usage is written.
  void flush() EXCLUDES(mutex_);
  // Writes what is owed and ends. Idempotent.
  void stop() EXCLUDES(mutex_);

 private:
  void run();
  bool wait_for_turn() EXCLUDES(mutex_);
  void turn() EXCLUDES(work_);
  void flush_inside() NO_THREAD_SAFETY_ANALYSIS { write_usage(); }  // this thread has work_
  void write_usage() REQUIRES(work_);
  void keep_page(const PendingUsage& pending) REQUIRES(work_);
  void serve_observers() REQUIRES(work_);
  void serve(EventSink& sink) REQUIRES(work_);
  void sweep_if_due() REQUIRES(work_);

  Rooms& rooms_;
  UsageLog& usage_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool woken_ GUARDED_BY(mutex_) = false;
  Mutex work_;  // one turn at a time
  std::vector<catalog::UsageRow> unwritten_ GUARDED_BY(work_);
  std::chrono::steady_clock::time_point next_sweep_ GUARDED_BY(work_);
  bool opening_ GUARDED_BY(work_) = true;
  std::thread thread_;
};

}  // namespace bhashatts::engine
