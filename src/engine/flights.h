// Single flight between the threads of a process: whoever asks first begins the work, the others
// wait for it, each for as long as it likes. The work belongs to none of them.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <unordered_map>

#include "base/mutex.h"
#include "bhashatts/cache_tier.h"
#include "bhashatts/error.h"
#include "bhashatts/speech.h"

namespace bhashatts::engine {

struct Outcome {
  CacheEntry entry;
  Origin origin = Origin::synthesized;
};

class Flight {
 public:
  void complete(Outcome outcome);
  void fail(const Error& error);

  // Raises what the work failed with (a copy: an exception object is not shared between threads),
  // deadline_exceeded with `hint` as retry_after, or cancelled.
  Outcome wait(std::chrono::steady_clock::time_point deadline, const std::stop_token& stop,
               std::chrono::milliseconds hint);

 private:
  Mutex mutex_;
  CondVar landed_;
  std::optional<Outcome> outcome_ GUARDED_BY(mutex_);
  std::optional<Error> error_ GUARDED_BY(mutex_);
};

class Flights {
 public:
  struct Seat {
    std::shared_ptr<Flight> flight;
    bool leads = false;  // this caller must see to it that the flight lands
  };
  Seat join(const Key& key);
  // Whoever asks from now on begins a new flight. Called before the flight lands, so that nobody
  // joins one that has ended.
  void leave(const Key& key);

 private:
  Mutex mutex_;
  std::unordered_map<Key, std::shared_ptr<Flight>> flying_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::engine
