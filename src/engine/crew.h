// Who does the work of one process: the threads that wait for synthesizers, the threads that join
// and encode, and the flights that tell who is at what.
//
// Each voice has workers of its own: calls that wait for one upstream must not keep another from
// speaking. Joining has its own, so that a page whose last sentence has come does not queue behind
// calls of two minutes.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "bhashatts/cache_tier.h"
#include "engine/rooms.h"
#include "engine/utterance_job.h"

namespace bhashatts::engine {

// What the flight of a speech brings.
struct Outcome {
  CacheEntry entry;
  Origin origin = Origin::synthesized;
};

struct Crew {
  explicit Crew(Rooms& rooms);

  // Calls at once to this voice: what it bears, or what was configured.
  static std::int32_t concurrency_of(const Rooms& rooms, const Voice& voice);
  Workers& of(const Plan& plan) { return *voices[plan.voice]; }
  // Lets what is under way land, until `until`; then asks the rest to stop.
  void close(std::chrono::steady_clock::time_point until);

  Flights<Outcome> speeches;
  UtteranceFlights utterances;
  std::vector<std::unique_ptr<Workers>> voices;  // as in Rooms::voices
  Workers joiners;
};

}  // namespace bhashatts::engine
