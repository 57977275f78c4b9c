// The work behind the flight of one speech: find it; or have its utterances made, all at once, and
// join them when the last has come.
//
// It is done in steps on the joining threads; between two steps nothing waits: the landing of the
// last utterance calls for the next one. While it joins, it holds the speech's lock between
// processes, so that two do not derive the same speech twice and the sweep spares what is half
// kept. Locks are only ever tried: a step that does not get one comes back.
//
// Thread rule: any thread; one step at a time.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "engine/crew.h"

namespace bhashatts::engine {

class SpeechWork : public std::enable_shared_from_this<SpeechWork> {
 public:
  // page: keep the joined speech in the blob store, so that its URL works.
  SpeechWork(Rooms& rooms, Crew& crew, std::shared_ptr<Flight<Outcome>> flight, PlanPtr plan,
             bool page);

  // Calls for the first step.
  void begin() noexcept;

 private:
  class Step;
  using Later = std::optional<std::chrono::milliseconds>;

  Later step();
  void abandon() noexcept;
  bool found_ready();
  bool found_whole();
  void send_for_utterances();
  void send_for(std::size_t place);
  Maker::SpeechOf speech_of_alone();
  void one_landed();
  Later join();
  std::vector<Maker::Made> collected() const;
  CacheEntry speech_of(const std::vector<Maker::Made>& made) const;
  void land(CacheEntry speech, Origin origin);
  void fail(const Error& error) noexcept;

  Rooms& rooms_;
  Crew& crew_;
  std::shared_ptr<Flight<Outcome>> flight_;
  const Key flight_key_;
  PlanPtr plan_;
  const bool page_;
  std::vector<std::shared_ptr<Flight<Maker::Made>>> utterances_;  // empty: not sent for yet
  std::atomic<std::size_t> flying_{0};
  std::optional<CacheEntry> committed_;  // with its master, in one commit
  PoliteWait wait_;
};

}  // namespace bhashatts::engine
