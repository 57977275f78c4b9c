// Audio that the gate takes for speech of a text: tone bursts, about one a syllable, that rise and
// fall, as long as the text asks for, and quiet at the end. The same arguments give the same
// samples, another seed gives others.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "text/speech_parts.h"

namespace bhashatts::testing {

struct FakeSpeech {
  std::uint32_t rate = 8'000;  // Hz
  std::vector<std::int16_t> samples;
};

inline double fake_seconds(std::string_view text) {
  const text::SpeechParts parts = text::speech_parts(text);
  const double aksharas = part(parts, text::SpeechPart::aksharas);
  return 0.2 + std::max(0.075 * text::weighed(parts, text::kUsualWeights), 0.15 * aksharas);
}

inline std::uint64_t fake_hash(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  return hash;
}

// at_least: so many samples, by a higher rate: for tests that need room.
inline FakeSpeech fake_speech(std::string_view text, std::string_view seed,
                              std::size_t at_least = 0) {
  FakeSpeech speech;
  const double seconds = fake_seconds(text);
  const double wanted = std::ceil(static_cast<double>(at_least) / seconds / 1'000) * 1'000;
  speech.rate = static_cast<std::uint32_t>(std::clamp(wanted, 8'000.0, 192'000.0));
  std::uint64_t state = fake_hash(seed) | 1U;
  const int burst = static_cast<int>(speech.rate / 6);
  const int period = static_cast<int>(speech.rate / (120 + state % 97));
  const auto size = static_cast<std::size_t>(seconds * speech.rate);
  const std::size_t last = size - speech.rate / 12;  // then quiet
  speech.samples.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const int at = static_cast<int>(i % static_cast<std::size_t>(burst));
    const int phase = static_cast<int>(i % static_cast<std::size_t>(period));
    const int swell = at < burst * 4 / 5 && i < last ? at * (burst * 4 / 5 - at) : 0;
    const int tone = std::abs(4 * phase - 2 * period) - period;  // a triangle
    const double share = static_cast<double>(swell) / (burst * burst / 6) * tone / period;
    state = state * 6364136223846793005U + 1442695040888963407U;
    const int noise = static_cast<int>(state >> 60U);
    speech.samples.push_back(static_cast<std::int16_t>(noise + static_cast<int>(9'000 * share)));
  }
  return speech;
}

}  // namespace bhashatts::testing
