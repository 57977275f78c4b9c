#include "engine/utterance_job.h"

#include <utility>

namespace bhashatts::engine {

UtteranceJob::UtteranceJob(Rooms& rooms, UtteranceFlights& flights,
                           std::shared_ptr<Flight<Maker::Made>> flight, PlanPtr plan,
                           std::size_t place, Maker::SpeechOf speech_of)
    : flights_(flights),
      flight_(std::move(flight)),
      plan_(std::move(plan)),
      place_(place),
      speech_of_(std::move(speech_of)),
      maker_(rooms) {}

std::optional<std::chrono::milliseconds> UtteranceJob::run(const std::stop_token& stop) noexcept {
  try {
    Maker::Made made = maker_.make(*plan_, utterance(), speech_of_, stop);
    if (made.outcome == Maker::Outcome::busy) return wait_.next();
    flights_.leave(utterance().key);
    flight_->complete(std::move(made));
  } catch (...) {
    fail(error_in_flight());
  }
  return std::nullopt;
}

void UtteranceJob::abandon() noexcept {
  fail(Error(ErrorCode::closed, "the engine was closed before this speech was begun", true));
}

void UtteranceJob::fail(const Error& error) noexcept {
  flights_.leave(utterance().key);
  flight_->fail(error);
}

}  // namespace bhashatts::engine
