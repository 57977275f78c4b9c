// What stands between a synthesizer and everything that keeps audio.
//
// Thread rule: any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "audio/codec.h"
#include "catalog/catalog.h"
#include "engine/plan.h"

namespace bhashatts::engine {

class Gate {
 public:
  // catalog knows how fast each voice speaks, from the takes that passed; it outlives the gate.
  explicit Gate(catalog::Catalog& catalog) : catalog_(catalog) {}

  struct Passed {
    std::shared_ptr<const audio::Pcm> pcm;
    // What this take tells of its voice: committed with it, so that only kept takes teach.
    std::optional<catalog::PaceSample> pace;
  };
  // synthesizer: identity of the voice that spoke. Raises bad_audio, retryable, for what cannot be
  // all of the utterance and nothing but it; the message says what was seen.
  Passed pass(const std::string& synthesizer, const Plan& plan, const Utterance& utterance,
              std::span<const std::byte> audio);

 private:
  catalog::Catalog& catalog_;
};

}  // namespace bhashatts::engine
