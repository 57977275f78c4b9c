#include "engine/workers.h"

#include <algorithm>
#include <new>
#include <random>
#include <utility>

namespace bhashatts::engine {

std::chrono::milliseconds PoliteWait::next() {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int most = 2 << std::min(waits_, 5);
  ++waits_;
  return std::chrono::milliseconds(std::uniform_int_distribution<int>(most / 2, most)(random));
}

Error error_in_flight() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::out_of_memory, "out of memory", true);
  } catch (const std::exception& error) {
    return Error(ErrorCode::internal, error.what());
  } catch (...) {
    return Error(ErrorCode::internal, "something that is no exception was raised");
  }
}

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
  const auto place = queue_.emplace(Clock::now(), std::move(job));
  if (idle_ >= queue_.size() || threads_.size() == most_threads_) return true;
  try {
    threads_.emplace_back([this] { work(); });
  } catch (...) {  // the threads there are will do it, if there are any
    if (!threads_.empty()) return true;
    queue_.erase(place);
    throw;
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
  decltype(queue_) left;
  {
    MutexLock lock(mutex_);
    left.swap(queue_);
  }
  // Without the lock: whoever hears of it may ask for more work, and be told at once.
  for (auto& [when, job] : left) job->abandon();
}

}  // namespace bhashatts::engine
