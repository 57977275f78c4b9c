// Sounds that are like speech, or nearly.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>
#include <vector>

#include "audio/codec.h"
#include "base/sound.h"

namespace bhashatts::testing {

// Appends a tone of one pitch with rounded edges; 0 Hz: silence; below 0: hiss.
inline void say(audio::Pcm& pcm, double seconds, double hertz, double amplitude = 8'000) {
  const auto size = static_cast<std::size_t>(seconds * pcm.sample_rate);
  std::minstd_rand random(static_cast<std::uint_fast32_t>(pcm.samples.size() + 1));
  std::uniform_real_distribution<double> hiss(-1, 1);
  double before = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double x = static_cast<double>(i) / static_cast<double>(size);
    const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / pcm.sample_rate;
    const double now = hiss(random);
    const double wave = hertz == 0 ? 0 : hertz > 0 ? std::sin(phase) : now - before;
    before = now;
    const double edge = std::sin(std::numbers::pi * x);
    pcm.samples.push_back(static_cast<std::int16_t>(amplitude * edge * wave));
  }
}

// Eight syllables and quiet.
inline audio::Pcm babble(std::uint32_t rate = 22'050) {
  audio::Pcm pcm{.sample_rate = rate, .samples = {}};
  for (int i = 0; i < 8; ++i) {
    say(pcm, 0.15, 200 + 40 * i);
    say(pcm, 0.05, 0);
  }
  return pcm;
}

// The sounds as a machine might speak them: a pitch for vowels, hiss for sibilants, little else.
inline audio::Pcm spoken(std::span<const Sound> sounds, std::uint32_t rate = 22'050) {
  audio::Pcm pcm{.sample_rate = rate, .samples = {}};
  for (const Sound sound : sounds) {
    switch (sound) {
      case Sound::sibilant: say(pcm, 0.1, -1, 5'000); break;
      case Sound::stop: say(pcm, 0.07, 0); break;
      case Sound::nasal: say(pcm, 0.07, 220, 4'000); break;
      case Sound::u: say(pcm, 0.08, 300); break;
      case Sound::i: say(pcm, 0.1, 350); break;
      default: say(pcm, 0.12, 900);
    }
  }
  return pcm;
}

}  // namespace bhashatts::testing
