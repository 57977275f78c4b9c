// What can go wrong with speech on its way, done on purpose.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>

#include "audio/codec.h"

namespace bhashatts::testing {

enum class Damage : std::size_t { last_third_cut, doubled, noise, silence, another_page };
inline constexpr std::size_t kDamages = 5;
inline constexpr std::array<std::string_view, kDamages> kDamageNames{
    "last third cut", "doubled", "noise", "silence", "another page"};

inline double root_mean_square(const audio::Pcm& pcm) {
  double power = 0;
  for (const std::int16_t sample : pcm.samples) power += static_cast<double>(sample) * sample;
  return std::sqrt(power / static_cast<double>(std::max<std::size_t>(pcm.samples.size(), 1)));
}

// White, as loud as the speech, and as long.
inline audio::Pcm noise_like(const audio::Pcm& pcm) {
  audio::Pcm noise = pcm;
  std::minstd_rand random(7);
  std::normal_distribution<double> level(0, root_mean_square(pcm));
  for (std::int16_t& sample : noise.samples) {
    sample = static_cast<std::int16_t>(std::clamp(level(random), -32'768.0, 32'767.0));
  }
  return noise;
}

inline audio::Pcm damaged(const audio::Pcm& pcm, const audio::Pcm& another, Damage damage) {
  audio::Pcm result = pcm;
  auto& samples = result.samples;
  switch (damage) {
    case Damage::last_third_cut: samples.resize(samples.size() - samples.size() / 3); break;
    case Damage::doubled:
      samples.insert(samples.end(), pcm.samples.begin(), pcm.samples.end());
      break;
    case Damage::noise: return noise_like(pcm);
    case Damage::silence: std::ranges::fill(samples, std::int16_t{0}); break;
    case Damage::another_page: return another;
  }
  return result;
}

}  // namespace bhashatts::testing
