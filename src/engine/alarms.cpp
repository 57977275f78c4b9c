#include "engine/alarms.h"

#include <algorithm>
#include <utility>

namespace bhashatts::engine {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestNap = std::chrono::hours(1);  // beyond it, time might overflow

}  // namespace

void Alarms::set(Id id, Time when, Ring ring) {
  MutexLock lock(mutex_);
  if (closed_) return;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  const auto at = by_time_.emplace(when, Alarm{id, std::move(ring)});
  by_id_.emplace(id, at);
  if (at == by_time_.begin()) nap_.request_stop();
}

void Alarms::hasten(Id id) {
  if (epoch_ != process_epoch()) return;  // the lock may be held by a thread that is gone
  MutexLock lock(mutex_);
  auto alarm = extract(id);
  if (alarm.empty()) return;
  alarm.key() = Time::min();
  by_id_.find(id)->second = by_time_.insert(std::move(alarm));
  nap_.request_stop();
}

// What it would have called is destroyed behind the lock: that may be anything.
void Alarms::cancel(Id id) {
  ByTime::node_type cancelled;
  MutexLock lock(mutex_);
  cancelled = extract(id);
  by_id_.erase(id);
}

Alarms::ByTime::node_type Alarms::extract(Id id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? ByTime::node_type() : by_time_.extract(found->second);
}

void Alarms::run() {
  while (const Ring ring = next()) ring();
}

// Waits until one is due; nothing when it is time to end.
Alarms::Ring Alarms::next() {
  for (;;) {
    milliseconds nap = kLongestNap;
    std::stop_token woken;
    {
      MutexLock lock(mutex_);
      if (closed_) return {};
      if (auto due = take_due()) return std::move(*due);
      if (!by_time_.empty()) {
        const auto left = by_time_.begin()->first - waiter_.now();
        nap = std::clamp(std::chrono::ceil<milliseconds>(left), milliseconds(0), kLongestNap);
      }
      nap_ = std::stop_source();
      woken = nap_.get_token();
    }
    waiter_.wait(nap, woken);
  }
}

std::optional<Alarms::Ring> Alarms::take_due() {
  const auto first = by_time_.begin();
  if (first == by_time_.end() || first->first > waiter_.now()) return std::nullopt;
  Ring ring = std::move(first->second.ring);
  by_id_.erase(first->second.id);
  by_time_.erase(first);
  return ring;
}

void Alarms::close() {
  std::thread thread;
  ByTime forgotten;
  {
    MutexLock lock(mutex_);
    closed_ = true;
    nap_.request_stop();
    thread.swap(thread_);
    forgotten.swap(by_time_);
    by_id_.clear();
  }
  if (thread.joinable()) thread.join();
}

}  // namespace bhashatts::engine
