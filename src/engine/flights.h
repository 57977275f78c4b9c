// Single flight between the threads of a process: whoever asks first begins the work, the others
// wait for it, each for as long as it likes. The work belongs to none of them.
//
// There are two kinds: of whole speeches, and of the utterances that they are made of, so that two
// pages (or two formats of one page) that share a sentence wait for one synthesis of it.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "bhashatts/error.h"
#include "bhashatts/key.h"

namespace bhashatts::engine {

// To those who do not wait for the landing: they left, or their time is up.
inline Error left_flight() {
  return {ErrorCode::cancelled, "cancelled by the caller; the speech is still being made", true};
}
inline Error late_for_flight(std::chrono::milliseconds hint) {
  return {ErrorCode::deadline_exceeded, "the speech is still being made; ask again", true, hint};
}

template <typename Result>
class Flight {
 public:
  void complete(Result result) { land(std::move(result), std::nullopt); }
  void fail(const Error& error) { land(std::nullopt, error); }

  // `then` runs once it has landed: on the landing thread, or at once on this one. It must not
  // raise.
  void when_landed(std::function<void()> then) {
    {
      MutexLock lock(mutex_);
      if (!result_ && !error_) {
        then_.push_back(std::move(then));
        return;
      }
    }
    then();
  }

  // Of a flight that has landed: what it brought. Raises what the work failed with (a copy: an
  // exception object is not shared between threads).
  Result get() {
    MutexLock lock(mutex_);
    if (error_) throw Error(*error_);
    return *result_;
  }

  // As get(), after waiting; raises deadline_exceeded with `hint` as retry_after, or cancelled.
  Result wait(std::chrono::steady_clock::time_point deadline, const std::stop_token& stop,
              std::chrono::milliseconds hint) {
    // The callback takes the lock, so that a stop between the check and the wait is not missed.
    const std::stop_callback wake(stop, [this] {
      { MutexLock lock(mutex_); }
      landed_.notify_all();
    });
    MutexLock lock(mutex_);
    while (!result_ && !error_) {
      if (stop.stop_requested()) throw left_flight();
      if (!landed_.wait_until(mutex_, deadline) && !result_ && !error_) {
        throw late_for_flight(hint);
      }
    }
    if (error_) throw Error(*error_);
    return *result_;
  }

 private:
  void land(std::optional<Result> result, const std::optional<Error>& error) {
    std::vector<std::function<void()>> then;
    {
      MutexLock lock(mutex_);
      result_ = std::move(result);
      error_ = error;
      then.swap(then_);
    }
    landed_.notify_all();
    for (const auto& next : then) next();
  }

  Mutex mutex_;
  CondVar landed_;
  std::optional<Result> result_ GUARDED_BY(mutex_);
  std::optional<Error> error_ GUARDED_BY(mutex_);
  std::vector<std::function<void()>> then_ GUARDED_BY(mutex_);
};

template <typename Result>
class Flights {
 public:
  struct Seat {
    std::shared_ptr<Flight<Result>> flight;
    bool leads = false;  // this caller must see to it that the flight lands
  };

  Seat join(const Key& key) {
    MutexLock lock(mutex_);
    auto& flight = flying_[key];
    const bool leads = flight == nullptr;
    if (leads) flight = std::make_shared<Flight<Result>>();
    return {flight, leads};
  }

  // Whoever asks from now on begins a new flight. Called before the flight lands, so that nobody
  // joins one that has ended.
  void leave(const Key& key) {
    {
      MutexLock lock(mutex_);
      flying_.erase(key);
    }
    left_.notify_all();
  }

  // Waits until none is flying, or `until`.
  void await_none(std::chrono::steady_clock::time_point until) {
    MutexLock lock(mutex_);
    while (!flying_.empty()) {
      if (!left_.wait_until(mutex_, until)) return;
    }
  }

 private:
  Mutex mutex_;
  CondVar left_;
  std::unordered_map<Key, std::shared_ptr<Flight<Result>>> flying_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::engine
