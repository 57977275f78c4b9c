#include "engine/flights.h"

#include <utility>

namespace bhashatts::engine {

void Flight::complete(Outcome outcome) {
  {
    MutexLock lock(mutex_);
    outcome_ = std::move(outcome);
  }
  landed_.notify_all();
}

void Flight::fail(const Error& error) {
  {
    MutexLock lock(mutex_);
    error_ = error;
  }
  landed_.notify_all();
}

Outcome Flight::wait(std::chrono::steady_clock::time_point deadline, const std::stop_token& stop,
                     std::chrono::milliseconds hint) {
  // The callback takes the lock, so that a stop between the check and the wait is not missed.
  const std::stop_callback wake(stop, [this] {
    { MutexLock lock(mutex_); }
    landed_.notify_all();
  });
  MutexLock lock(mutex_);
  for (;;) {
    if (outcome_) return *outcome_;
    if (error_) throw Error(*error_);
    if (stop.stop_requested()) {
      throw Error(ErrorCode::cancelled, "cancelled by the caller; the speech is still being made",
                  true);
    }
    if (!landed_.wait_until(mutex_, deadline) && !outcome_ && !error_) {
      throw Error(ErrorCode::deadline_exceeded, "the speech is still being made; ask again", true,
                  hint);
    }
  }
}

Flights::Seat Flights::join(const Key& key) {
  MutexLock lock(mutex_);
  auto& flight = flying_[key];
  const bool leads = flight == nullptr;
  if (leads) flight = std::make_shared<Flight>();
  return {flight, leads};
}

void Flights::leave(const Key& key) {
  MutexLock lock(mutex_);
  flying_.erase(key);
}

}  // namespace bhashatts::engine
