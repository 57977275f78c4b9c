// The engine of one process: the request path over the rooms. A forked child makes its own.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "bhashatts/async.h"
#include "engine/alarms.h"
#include "engine/crew.h"
#include "engine/notice_reader.h"
#include "engine/open_calls.h"
#include "engine/rooms.h"
#include "engine/task.h"
#include "engine/upkeep.h"
#include "engine/usage_log.h"

namespace bhashatts::engine {

class Course;

class Core {
 public:
  explicit Core(std::unique_ptr<Rooms> rooms);
  ~Core();  // close() with the configured drain time
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  Speech synthesize(const SpeechRequest& request);
  // As TtsEngine::synthesize_async.
  void synthesize_async(const SpeechRequest& request, OnSpeech done);
  std::optional<Speech> lookup(const SpeechRequest& request);
  std::optional<Speech> recall(const SpeechRequest& request);
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
  std::chrono::milliseconds hint() const;
  PlanPtr plan(const SpeechRequest& request, const Voice& voice);
  // What is there without a flight. Raises where nothing can be made.
  std::optional<Speech> ready(const PlanPtr& plan);
  // Begins to make the speech, unless somebody is at it.
  Seat depart(const SpeechRequest& request, const PlanPtr& plan);
  // What it brought, to who had that seat.
  Speech landed(const Plan& plan, const Seat& seat, Outcome outcome) const;
  // How long it took, from its departure.
  void note_flight(const Seat& seat, const Stopwatch& flown);
  // One utterance of it: made or changed, or the flight that will tell.
  struct Sought {
    Maker::Made made;
    std::shared_ptr<Flight<Maker::Made>> flight;  // null: it is there
  };
  Sought seek(const PlanPtr& plan, std::size_t place);
  void count(const Served& served);

  // -- for those who wait without a thread
  Alarms& alarms() { return alarms_; }
  OpenCalls& open_calls() { return open_calls_; }
  // On a joining thread, soon; closed, at once.
  void post(Task::Body body) { crew_.joiners.submit(std::make_unique<Task>(std::move(body))); }

 private:
  Speech fly(Course& course);
  // What becomes of a speech that was joined from kept utterances.
  enum class Keep : std::uint8_t { in_tiers, recorded, recorded_as_page };
  std::optional<Speech> find(const PlanPtr& plan, Keep keep);
  std::optional<Speech> derive(const PlanPtr& plan, Keep keep);
  Speech served(CacheEntry entry, Origin origin, const Plan& plan) const;
  void settle_spool(Deadline until);

  std::unique_ptr<Rooms> rooms_;
  std::atomic<bool> closed_{false};
  std::atomic<bool> settled_{false};          // closed, and nobody is open any more
  std::atomic<std::int64_t> usual_ms_{1000};  // of a flight, for the hint to those who cannot wait
  UsageLog usage_;
  Upkeep upkeep_;
  NoticeReader notices_;
  OpenCalls open_calls_;
  Alarms alarms_;
  Crew crew_;
};

}  // namespace bhashatts::engine
