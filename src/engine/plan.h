// What a request comes to: the utterances to speak and the names of their audio.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/speech.h"
#include "bhashatts/voices.h"

namespace bhashatts::engine {

struct Utterance {
  std::string_view text;  // what is spoken: part of Plan::text, without blanks around it
  Key base;               // identity less the take
  Key key;                // identity with it
  std::int32_t take = 0;
  std::int64_t pause_after_ms = 0;  // in the joined speech
  // Several utterances in one piece, as an import found them spoken: kept, never synthesised so.
  bool whole = false;
};

// Immutable once made, shared by everyone who asks for the same text.
struct Plan {
  std::size_t voice = 0;  // place in the chain of voices: 0 is the first one
  const Language* language = nullptr;
  const VoiceStyle* voice_style = nullptr;
  AudioFormat format = AudioFormat::wav;
  std::string description;
  std::string text;              // spoken text
  std::int32_t text_length = 0;  // in code points
  std::vector<Utterance> utterances;
  Key speech_key;
  std::uint64_t generation = 0;  // of the host, before the takes were read
};
using PlanPtr = std::shared_ptr<const Plan>;

// The pause behind each utterance, in ms.
inline std::vector<std::int64_t> pauses_of(const Plan& plan) {
  std::vector<std::int64_t> pauses;
  for (const Utterance& one : plan.utterances) pauses.push_back(one.pause_after_ms);
  return pauses;
}

}  // namespace bhashatts::engine
