#include "audio/likeness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace bhashatts::audio {
namespace {

constexpr std::size_t kFewestSounds = 6;
constexpr std::size_t kShortestPause = 5;  // frames; what is shorter is the closure of a stop
constexpr std::size_t kDecoys = 4;

struct Template {
  BandLevels levels;  // low, middle, high
  float length;       // relative
};

// Rounded means over espeak-ng's six languages, which agree with each other within 3 dB, and in
// their order with what phonetics says of any voice.
constexpr std::array<Template, kSounds> kTemplates{{
    {{-6, -5, -19}, 4.6F},    // a
    {{-7, -3, -18}, 7.7F},    // aa
    {{-6, -13, -16}, 5.9F},   // i
    {{-7, -14, -27}, 3.2F},   // u
    {{-5, -8, -15}, 7.4F},    // e
    {{-5, -7, -22}, 5.3F},    // o
    {{-36, -35, -38}, 3.6F},  // stop
    {{-21, -30, -38}, 2.9F},  // voiced stop
    {{-39, -31, -24}, 4.8F},  // affricate
    {{-18, -29, -31}, 4.3F},  // voiced affricate
    {{-36, -25, -17}, 4.4F},  // sibilant
    {{-12, -22, -35}, 3.0F},  // nasal
    {{-12, -17, -30}, 2.7F},  // liquid
    {{-24, -22, -30}, 3.4F},  // h
    {{-10, -15, -21}, 3.4F},  // y
    {{-16, -26, -39}, 3.3F},  // v
}};

const Template& template_of(Sound sound) { return kTemplates[static_cast<std::size_t>(sound)]; }

std::vector<BandLevels> without_pauses(const Loudness& heard) {
  std::vector<BandLevels> spoken;
  std::size_t silent = 0;
  for (const auto& frame : heard.frames) {
    spoken.push_back(frame.bands);
    silent = frame.level < kSilenceBelow ? silent + 1 : 0;
    if (silent == kShortestPause) spoken.resize(spoken.size() - silent);
    if (silent > kShortestPause) spoken.pop_back();
  }
  return spoken;
}

// The sounds as levels over `frames` frames, each as long as its share, edges softened.
std::vector<BandLevels> laid_out(std::span<const Sound> sounds, std::size_t frames) {
  float whole = 0;
  for (const Sound sound : sounds) whole += template_of(sound).length;
  std::vector<BandLevels> levels;
  float until = 0;
  for (const Sound sound : sounds) {
    until += template_of(sound).length;
    const auto end =
        static_cast<std::size_t>(std::lround(until / whole * static_cast<float>(frames)));
    levels.resize(std::min(end, frames), template_of(sound).levels);
  }
  levels.resize(frames, template_of(sounds.back()).levels);
  return levels;
}

std::vector<BandLevels> softened(const std::vector<BandLevels>& levels) {
  constexpr std::size_t kReach = 2;
  std::vector<BandLevels> soft(levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    BandLevels sum{};
    for (std::size_t k = 0; k <= 2 * kReach; ++k) {
      const std::size_t at = std::min(i + k < kReach ? 0 : i + k - kReach, levels.size() - 1);
      for (std::size_t b = 0; b < kBands; ++b) sum[b] += levels[at][b];
    }
    for (std::size_t b = 0; b < kBands; ++b) soft[i][b] = sum[b] / (2 * kReach + 1);
  }
  return soft;
}

float distance(const BandLevels& a, const BandLevels& b) {
  return std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]);
}

// The mean distance along the best path on which the expected moves by 0, 1 or 2 frames for each of
// the heard, and never strays further than `give` from an even pace. Both have the same length.
double misfit(const std::vector<BandLevels>& heard, const std::vector<BandLevels>& expected,
              std::size_t give) {
  constexpr float kFar = std::numeric_limits<float>::max() / 4;
  const std::size_t size = heard.size();
  // Two cells in front, so that no step asks whether it may be taken.
  std::vector<float> before(size + 2, kFar);
  std::vector<float> now(size + 2, kFar);
  before[2] = 0;
  for (std::size_t t = 0; t < size; ++t) {
    const std::size_t first = t > give ? t - give : 0;
    const std::size_t last = std::min(t + give, size - 1);
    now[first] = now[first + 1] = kFar;
    for (std::size_t at = first; at <= last; ++at) {
      const float best = std::min({before[at + 2], before[at + 1], before[at]});
      now[at + 2] = best + distance(heard[t], expected[at]);
    }
    if (last + 3 < now.size()) now[last + 3] = kFar;
    std::swap(before, now);
  }
  return std::min(before[size + 1], before[size]) / static_cast<float>(size);
}

std::array<std::vector<Sound>, kDecoys> decoys_of(std::span<const Sound> sounds) {
  std::array<std::vector<Sound>, kDecoys> decoys;
  for (std::size_t i = 0; i < kDecoys; ++i) {
    decoys[i].assign(sounds.begin(), sounds.end());
    if (i == 0) {
      std::ranges::reverse(decoys[i]);
    } else {
      const auto begin = static_cast<std::ptrdiff_t>(i * sounds.size() / kDecoys);
      std::rotate(decoys[i].begin(), decoys[i].begin() + begin, decoys[i].end());
    }
  }
  return decoys;
}

}  // namespace

std::optional<double> likeness(const Loudness& heard, std::span<const Sound> expected) {
  const std::vector<BandLevels> spoken = without_pauses(heard);
  if (expected.size() < kFewestSounds || spoken.size() < expected.size()) return std::nullopt;
  const std::size_t give = std::clamp<std::size_t>(spoken.size() * 8 / 100, 8, 40);
  const auto misfit_of = [&](std::span<const Sound> sounds) {
    return misfit(spoken, softened(laid_out(sounds, spoken.size())), give);
  };
  double decoys = 0;
  for (const auto& decoy : decoys_of(expected)) decoys += misfit_of(decoy) / kDecoys;
  return decoys > 0 ? 1 - misfit_of(expected) / decoys : 0;
}

}  // namespace bhashatts::audio
