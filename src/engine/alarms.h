// What is to happen at a point in time, where nobody waits for it: the deadlines of asynchronous
// requests.
//
// One thread, begun with the first alarm, rings them in the order of their times, one at a time. A
// process that only ever hits, or only asks with threads of its own, has none.
//
// Thread rule: any thread; close() and the destructor on none that an alarm rings on. In a forked
// child nothing rings, and hasten() may still be called.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <thread>
#include <unordered_map>

#include "base/mutex.h"
#include "base/per_process.h"
#include "base/waiter.h"

namespace bhashatts::engine {

class Alarms {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // Names an alarm also before it is set, so that who may hasten it can be there first.
  using Id = std::uint64_t;
  using Ring = std::function<void()>;  // must be short and must not raise

  explicit Alarms(Waiter& waiter = real_waiter()) : waiter_(waiter) {}
  ~Alarms() { close(); }
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;

  Id next_id() { return last_id_.fetch_add(1, std::memory_order_relaxed) + 1; }
  // Each id once. Closed: it never rings.
  void set(Id id, Time when, Ring ring) EXCLUDES(mutex_);
  // Rings now instead. Takes no memory: it may be called from where nothing may be raised. Of an
  // alarm that is not set (yet, or any more), nothing happens.
  void hasten(Id id) EXCLUDES(mutex_);
  // Does not wait for one that is ringing.
  void cancel(Id id) EXCLUDES(mutex_);
  // Waits for the one that is ringing; the others are forgotten. Idempotent.
  void close() EXCLUDES(mutex_);

 private:
  struct Alarm {
    Id id;
    Ring ring;
  };
  using ByTime = std::multimap<Time, Alarm>;

  void run();
  Ring next() EXCLUDES(mutex_);
  std::optional<Ring> take_due() REQUIRES(mutex_);
  ByTime::node_type extract(Id id) REQUIRES(mutex_);

  Waiter& waiter_;
  const std::uint64_t epoch_ = process_epoch();
  std::atomic<Id> last_id_{0};
  Mutex mutex_;
  ByTime by_time_ GUARDED_BY(mutex_);
  std::unordered_map<Id, ByTime::iterator> by_id_ GUARDED_BY(mutex_);
  std::stop_source nap_ GUARDED_BY(mutex_);  // ends the wait for the alarm that was the first
  bool closed_ GUARDED_BY(mutex_) = false;
  std::thread thread_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::engine
