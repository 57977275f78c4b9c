#include "engine/crew.h"

#include <algorithm>
#include <thread>

namespace bhashatts::engine {
namespace {

// Joining and encoding use the processor alone.
std::size_t joining_threads() { return std::clamp(std::thread::hardware_concurrency(), 1U, 4U); }

}  // namespace

Crew::Crew(Rooms& rooms) : joiners(joining_threads()) {
  for (const Voice& voice : rooms.voices) {
    voices.push_back(
        std::make_unique<Workers>(static_cast<std::size_t>(concurrency_of(rooms, voice))));
  }
}

std::int32_t Crew::concurrency_of(const Rooms& rooms, const Voice& voice) {
  const auto configured = static_cast<std::int32_t>(rooms.config.workers);
  return configured > 0 ? configured : std::max(1, voice.synthesizer->limits().concurrency);
}

// A speech passes from the joiners to the voices and back, so neither may close while one flies.
void Crew::close(std::chrono::steady_clock::time_point until) {
  speeches.await_none(until);
  for (const auto& workers : voices) workers->close(until);
  joiners.close(until);
}

}  // namespace bhashatts::engine
