// The engine of one process: the request path over the rooms. A forked child makes its own.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

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
  // Speeches at once: what the synthesizer bears, or what was configured.
  std::int32_t concurrency() const { return concurrency_; }

 private:
  PlanPtr plan(const SpeechRequest& request);
  std::optional<Speech> find(const PlanPtr& plan);
  std::optional<Speech> derive(const PlanPtr& plan);
  Speech fly(const SpeechRequest& request, const PlanPtr& plan);
  void count(const Served& served);

  std::unique_ptr<Rooms> rooms_;
  const std::int32_t concurrency_;
  std::atomic<bool> closed_{false};
  std::atomic<std::int64_t> usual_ms_{1000};  // of a flight, for the hint to those who cannot wait
  Flights flights_;
  UsageLog usage_;
  Upkeep upkeep_;
  Workers workers_;
};

}  // namespace bhashatts::engine
