// What decides how long a text takes to say: aksharas, and pauses by kind.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace bhashatts::text {

// Counts; the first is a sum of weights.
enum class SpeechPart : std::size_t {
  aksharas,
  long_vowels,
  sounds,     // of all words; clusters take longer than what is simple
  words,      // ends of words where nothing else ends
  clauses,    // commas, dashes, quotes and their like between words
  sentences,  // danda . ? ! and ellipses
  lines,      // ends of verse lines; of a paragraph: two
  edges,      // always 1: what a voice needs to begin and to end
};
inline constexpr std::size_t kSpeechParts = 8;

using SpeechParts = std::array<double, kSpeechParts>;

constexpr double& part(SpeechParts& parts, SpeechPart which) {
  return parts[static_cast<std::size_t>(which)];
}
constexpr double part(const SpeechParts& parts, SpeechPart which) {
  return parts[static_cast<std::size_t>(which)];
}

// Linear in work. Raises text_not_utf8.
SpeechParts speech_parts(std::string_view utf8);

// How long each part takes, in aksharas, for a voice of which nothing is known.
extern const SpeechParts kUsualWeights;

// The parts weighed: the expected length in aksharas.
double weighed(const SpeechParts& parts, const SpeechParts& weights);

}  // namespace bhashatts::text
