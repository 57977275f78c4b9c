// The work behind one flight: find the speech, or make what is missing of it.
//
// It holds the speech's lock between processes while it works, so that two processes do not derive
// the same speech twice and the sweep spares what is half kept. Locks are only ever tried: a job
// that does not get one gives up those it has and comes back.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/flights.h"
#include "engine/maker.h"
#include "engine/rooms.h"
#include "engine/workers.h"

namespace bhashatts::engine {

class SpeechJob final : public Job {
 public:
  // page: keep the joined speech in the blob store, so that its URL works.
  SpeechJob(Rooms& rooms, Flights& flights, std::shared_ptr<Flight> flight, PlanPtr plan,
            bool page);

  std::optional<std::chrono::milliseconds> run(const std::stop_token& stop) noexcept override;
  void abandon() noexcept override;

 private:
  using Later = std::optional<std::chrono::milliseconds>;
  Later step(const std::stop_token& stop);
  bool found_ready();
  Later make_missing(const std::stop_token& stop);
  void land(CacheEntry speech, Origin origin);
  void fail(const Error& error) noexcept;
  Later come_back();
  catalog::SpeechEntry entry_of(const CacheEntry& speech, bool with_object);
  void record_derived(const CacheEntry& speech);

  Rooms& rooms_;
  Flights& flights_;
  std::shared_ptr<Flight> flight_;
  const Key flight_key_;
  PlanPtr plan_;
  const bool page_;
  Maker maker_;
  int waits_ = 0;  // how often another process was in the way
};

}  // namespace bhashatts::engine
