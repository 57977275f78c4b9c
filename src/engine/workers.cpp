#include "engine/workers.h"

#include <utility>

namespace bhashatts::engine {

Workers::Workers(std::size_t threads) : most_threads_(threads) {}

Workers::~Workers() { close(Clock::now()); }

void Workers::submit(std::unique_ptr<Job> job) {
  if (enqueue(job)) {
    changed_.notify_all();  // one alone might wake who closes instead of a worker
  } else {
    job->abandon();
  }
}

// Threads are begun as they are needed: a process that only ever hits has none.
bool Workers::enqueue(std::unique_ptr<Job>& job) {
  MutexLock lock(mutex_);
  if (closing_) return false;
  queue_.emplace(Clock::now(), std::move(job));
  if (idle_ < queue_.size() && threads_.size() < most_threads_) {
    threads_.emplace_back([this] { work(); });
  }
  return true;
}

std::int64_t Workers::pending() {
  MutexLock lock(mutex_);
  return running_ + static_cast<std::int64_t>(queue_.size());
}

void Workers::work() {
  while (std::unique_ptr<Job> job = take()) {
    const auto again = job->run(stop_.get_token());
    MutexLock lock(mutex_);
    --running_;
    if (again) queue_.emplace(Clock::now() + *again, std::move(job));
    changed_.notify_all();
  }
}

// The first job whose time has come; null when it is time to end.
std::unique_ptr<Job> Workers::take() {
  MutexLock lock(mutex_);
  for (;;) {
    if (stopping_) return nullptr;
    const auto first = queue_.begin();
    if (first != queue_.end() && first->first <= Clock::now()) {
      auto job = std::move(first->second);
      queue_.erase(first);
      ++running_;
      return job;
    }
    ++idle_;
    if (first == queue_.end()) {
      changed_.wait(mutex_);
    } else {
      changed_.wait_until(mutex_, first->first);
    }
    --idle_;
  }
}

void Workers::close(Clock::time_point until) {
  std::vector<std::thread> threads;
  {
    MutexLock lock(mutex_);
    closing_ = true;
    while (running_ > 0 || !queue_.empty()) {
      if (!changed_.wait_until(mutex_, until)) break;
    }
    stopping_ = true;
    threads.swap(threads_);
  }
  stop_.request_stop();
  changed_.notify_all();
  for (std::thread& thread : threads) thread.join();
  MutexLock lock(mutex_);
  for (auto& [when, job] : queue_) job->abandon();
  queue_.clear();
}

}  // namespace bhashatts::engine
