// What stands between a synthesizer and everything that keeps audio: decodes, and refuses what
// cannot be all of its utterance and nothing but it.
//
// It only combines: what can be speech at all is audio/speech_check.h's business, whether it is
// this text in this voice that of engine/voice_pace.h. Only what is fresh from a synthesizer passes
// here; masters that were adopted or healed were let in by whoever made them.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/codec.h"
#include "base/mutex.h"
#include "catalog/catalog.h"
#include "engine/plan.h"
#include "engine/voice_pace.h"

namespace bhashatts::engine {

class Gate {
 public:
  // catalog knows how each voice speaks, from the takes that passed; it outlives the gate.
  explicit Gate(catalog::Catalog& catalog) : catalog_(catalog) {}

  struct Passed {
    std::shared_ptr<const audio::Pcm> pcm;
    // What this take tells of its voice: committed with it, so that only kept takes teach.
    std::optional<catalog::PaceSample> pace;
  };
  // Lengths, in seconds, of takes of one utterance that were doubted only because of how the voice
  // usually speaks. Short texts vary so much that one in some four hundred is doubted for ever;
  // when two takes are as long as each other, it is the voice's manner, and the page can be made.
  using Doubted = std::vector<double>;

  // synthesizer: identity of the voice that spoke. Raises bad_audio, retryable, for what cannot be
  // all of the utterance and nothing but it; the message says what was seen.
  Passed pass(const std::string& synthesizer, const Plan& plan, const Utterance& utterance,
              std::span<const std::byte> audio, Doubted& doubted) EXCLUDES(mutex_);

 private:
  struct Known {
    std::shared_ptr<const VoicePace> pace;
    int passes = 0;  // since it was learned
    std::chrono::steady_clock::time_point learned;
  };
  std::shared_ptr<const VoicePace> pace_of(const Key& voice) EXCLUDES(mutex_);
  std::shared_ptr<const VoicePace> remembered(const Key& voice) EXCLUDES(mutex_);
  static bool is_fresh(const Known& known);

  catalog::Catalog& catalog_;
  Mutex mutex_;
  std::map<Key, Known> known_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::engine
