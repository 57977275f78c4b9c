// The engine of one process: the request path over the rooms. A forked child makes its own.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "engine/crew.h"
#include "engine/notice_reader.h"
#include "engine/rooms.h"
#include "engine/upkeep.h"
#include "engine/usage_log.h"

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
  Timings timings(const SpeechRequest& request, const Speech& speech);
  void flush();
  // What other hosts rejected and forgot, now.
  void obey_notices() { notices_.obey(); }
  void close(std::chrono::milliseconds drain);
  // Raises closed.
  void require_open() const;

  Rooms& rooms() { return *rooms_; }
  // Calls at once: what the first voice bears, or what was configured.
  std::int32_t concurrency() const;

  // -- the steps of a request, for those who take them one by one
  using Deadline = std::chrono::steady_clock::time_point;
  using Seat = Flights<Outcome>::Seat;
  Deadline deadline_of(const SpeechRequest& request) const;
  PlanPtr plan(const SpeechRequest& request, const Voice& voice);
  // Whether the next voice may speak after `error`.
  static bool may_fall_back(const SpeechRequest& request, const Error& error);
  // Begins to make the speech, unless somebody is at it.
  Seat depart(const SpeechRequest& request, const PlanPtr& plan);
  Speech arrive(const SpeechRequest& request, const PlanPtr& plan, const Seat& seat,
                Deadline deadline);
  // One utterance of it: made or changed.
  Maker::Made await_utterance(const SpeechRequest& request, const PlanPtr& plan, std::size_t place,
                              Deadline deadline);
  void count(const Served& served);

 private:
  std::optional<Speech> find(const PlanPtr& plan);
  std::optional<Speech> derive(const PlanPtr& plan);
  Speech speak(const SpeechRequest& request, PlanPtr& plan);
  Speech fly(const SpeechRequest& request, const PlanPtr& plan, Deadline deadline);
  Speech served(CacheEntry entry, Origin origin, const Plan& plan) const;
  std::chrono::milliseconds hint() const;
  void settle_spool(Deadline until);

  std::unique_ptr<Rooms> rooms_;
  std::atomic<bool> closed_{false};
  std::atomic<std::int64_t> usual_ms_{1000};  // of a flight, for the hint to those who cannot wait
  UsageLog usage_;
  Upkeep upkeep_;
  NoticeReader notices_;
  Crew crew_;
};

}  // namespace bhashatts::engine
