// The work behind the flight of one utterance: find its master, or make it.
#pragma once

#include <memory>

#include "engine/flights.h"
#include "engine/maker.h"
#include "engine/workers.h"

namespace bhashatts::engine {

using UtteranceFlights = Flights<Maker::Made>;

// What lands has the outcome made or changed, never busy.
class UtteranceJob final : public Job {
 public:
  UtteranceJob(Rooms& rooms, UtteranceFlights& flights, std::shared_ptr<Flight<Maker::Made>> flight,
               PlanPtr plan, std::size_t place, Maker::SpeechOf speech_of = {});

  std::optional<std::chrono::milliseconds> run(const std::stop_token& stop) noexcept override;
  void abandon() noexcept override;

 private:
  const Utterance& utterance() const { return plan_->utterances[place_]; }
  void fail(const Error& error) noexcept;

  UtteranceFlights& flights_;
  std::shared_ptr<Flight<Maker::Made>> flight_;
  const PlanPtr plan_;
  const std::size_t place_;
  const Maker::SpeechOf speech_of_;
  Maker maker_;
  PoliteWait wait_;
};

}  // namespace bhashatts::engine
