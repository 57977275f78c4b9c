// From an utterance to its master: found, or synthesised once.
//
// Order of a synthesis: room on disk, lock between processes, look again, a slot of the upstream,
// attempts (breaker, ledger, synthesizer, gate), master durable, one commit (record, speech,
// ledger). Whatever happens behind the gate, what was made is returned.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>

#include "engine/attempts.h"
#include "engine/rooms.h"

namespace bhashatts::engine {

class Maker {
 public:
  explicit Maker(Rooms& rooms) : rooms_(rooms) {}

  enum class Outcome {
    made,     // or found
    busy,     // another process is making it, or the upstream bears no more calls: come back
    changed,  // the take is no longer the current one: plan again
  };
  struct Made {
    Outcome outcome = Outcome::made;
    Master master = {};
    bool synthesized = false;  // false: it was there
    bool kept = true;          // false: returned, and made anew when it is asked for again
  };
  // Called with a fresh master before it is committed: what speech to commit with it, if any.
  using SpeechOf = std::function<std::optional<catalog::SpeechEntry>(const Master&)>;

  // What is there, without making anything.
  std::optional<Master> find(const Plan& plan, const Utterance& utterance);
  // The plan by which a page of several utterances is there in one piece, though `plan` was made
  // without knowing: another host or process adopted it, or the catalog was lost. Null: it is not.
  PlanPtr whole_plan(const Plan& plan);
  // speech_of may be empty. Raises what the synthesizer raised; 6xx before anything is spent.
  Made make(const Plan& plan, const Utterance& utterance, const SpeechOf& speech_of,
            const std::stop_token& stop);

 private:
  std::optional<Master> find_near(const Plan& plan, const Utterance& utterance);
  std::optional<Master> find_in_tiers(const Utterance& utterance);
  void share(const Master& master, std::uint64_t generation);
  Made synthesize(const Plan& plan, const Utterance& utterance, const SpeechOf& speech_of,
                  const std::stop_token& stop);
  Master master_of(const Plan& plan, const Utterance& utterance,
                   const Attempts::Accepted& accepted) const;
  void record(const Plan& plan, const Utterance& utterance, const Made& made,
              Attempts::Accepted& accepted, const SpeechOf& speech_of);
  // False when the disk would not have it.
  bool keep(Master& master);
  catalog::UtteranceRecord record_of(const Plan& plan, const Utterance& utterance,
                                     const Master& master) const;
  void follow_rejection(const Utterance& utterance);
  void give_up_whole(const Utterance& utterance);

  Rooms& rooms_;
};

}  // namespace bhashatts::engine
