// The engine of one process: the request path over the rooms. A forked child makes its own.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "engine/flights.h"
#include "engine/rooms.h"
#include "engine/upkeep.h"
#include "engine/usage_log.h"
#include "engine/workers.h"

namespace bhashatts::engine {

class Core {
 public:
  explicit Core(std::unique_ptr<Rooms> rooms);
  ~Core();  // close() with the configured drain time
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  Speech synthesize(const SpeechRequest& request);
  std::optional<Speech> lookup(const SpeechRequest& request);
  // Whether synthesize() would find it, without making or counting anything.
  bool would_hit(const SpeechRequest& request);
  void flush();
  void close(std::chrono::milliseconds drain);
  // Raises closed.
  void require_open() const;

  Rooms& rooms() { return *rooms_; }
  // Speeches at once: what the first voice bears, or what was configured.
  std::int32_t concurrency() const;

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  PlanPtr plan(const SpeechRequest& request, const Voice& voice);
  std::optional<Speech> find(const PlanPtr& plan);
  std::optional<Speech> derive(const PlanPtr& plan);
  Speech speak(const SpeechRequest& request, PlanPtr& plan);
  Speech fly(const SpeechRequest& request, const PlanPtr& plan, Deadline deadline);
  Outcome depart(const SpeechRequest& request, const PlanPtr& plan, Deadline deadline);
  Speech served(CacheEntry entry, Origin origin, const Plan& plan) const;
  void count(const Served& served);

  std::unique_ptr<Rooms> rooms_;
  std::atomic<bool> closed_{false};
  std::atomic<std::int64_t> usual_ms_{1000};  // of a flight, for the hint to those who cannot wait
  Flights flights_;
  UsageLog usage_;
  Upkeep upkeep_;
  // Of each voice its own: calls that wait for one upstream must not keep another from speaking.
  std::vector<std::unique_ptr<Workers>> workers_;
};

}  // namespace bhashatts::engine
