#include "audio/speech_check.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace bhashatts::audio {
namespace {

constexpr std::int64_t kShortestMs = 60;

// The loud part of espeak-ng lies 14 to 19 dB below full scale; this leaves room for one that is a
// hundred times fainter.
constexpr float kQuietestDbfs = -60.0F;
constexpr int kLeastPeak = 100;  // -50 dB

// Speech that was driven into the limits has some samples there; past this it is a square wave.
constexpr int kFullScale = 32'600;
constexpr double kMostClipped = 0.05;

// From the quietest twentieth to the loudest: under 1 dB in white noise; speech falls silent
// between its words. A held vowel may be as steady as noise, but not that hissy, nor for that long.
constexpr float kLeastSwing = 6.0F;
constexpr std::size_t kFewestFrames = 25;
constexpr std::size_t kHeldVowelFrames = 100;
constexpr float kHissyWithin = 10.0F;

// The last 20 ms against the loud part: -45 dB in 2,000 pages of espeak-ng, which end in silence. A
// vowel that dies away at the very end lies under -15; a cut through one within -8.
constexpr int kTailsPerSecond = 50;
constexpr float kLoudestEnd = -8.0F;

std::vector<float> sorted_levels(const Loudness& heard) {
  std::vector<float> levels;
  for (const auto& frame : heard.frames) levels.push_back(frame.level);
  std::ranges::sort(levels);
  return levels;
}

float mean_excess_of_high(const Loudness& heard) {
  float sum = 0;
  for (const auto& frame : heard.frames) {
    sum += frame.bands[2] - std::max(frame.bands[0], frame.bands[1]);
  }
  return sum / static_cast<float>(heard.frames.size());
}

float dbfs(const std::int16_t* samples, std::size_t count) {
  double power = 0;
  for (std::size_t i = 0; i < count; ++i) power += static_cast<double>(samples[i]) * samples[i];
  return static_cast<float>(
      10 * std::log10(power / static_cast<double>(count) / (32'768.0 * 32'768.0) + 1e-12));
}

}  // namespace

bool is_too_short(const Pcm& pcm) { return pcm.duration_ms() < kShortestMs; }

bool is_silent(const Pcm& pcm, const Loudness& heard) {
  const auto is_loud = [](std::int16_t sample) { return std::abs(int{sample}) > kLeastPeak; };
  return heard.loud_dbfs < kQuietestDbfs || std::ranges::none_of(pcm.samples, is_loud);
}

bool is_clipped(const Pcm& pcm) {
  const auto count = std::ranges::count_if(
      pcm.samples, [](std::int16_t sample) { return std::abs(int{sample}) >= kFullScale; });
  return static_cast<double>(count) > kMostClipped * static_cast<double>(pcm.samples.size());
}

bool is_noise(const Loudness& heard) {
  const std::size_t size = heard.frames.size();
  if (size < kFewestFrames) return false;
  const std::vector<float> levels = sorted_levels(heard);
  const float swing = levels[size * 19 / 20] - levels[size / 20];
  if (swing >= kLeastSwing) return false;
  return size >= kHeldVowelFrames || mean_excess_of_high(heard) > -kHissyWithin;
}

float ending_level(const Pcm& pcm, const Loudness& heard) {
  const std::size_t count =
      std::min<std::size_t>(pcm.sample_rate / kTailsPerSecond, pcm.samples.size());
  if (count == 0) return Loudness::kFloor;
  const float level = dbfs(pcm.samples.data() + pcm.samples.size() - count, count);
  return std::max(level - heard.loud_dbfs, Loudness::kFloor);
}

bool ends_loudly(const Pcm& pcm, const Loudness& heard) {
  return ending_level(pcm, heard) > kLoudestEnd;
}

std::optional<std::string> fault_of_speech(const Pcm& pcm, const Loudness& heard) {
  if (is_too_short(pcm)) return "lasts " + std::to_string(pcm.duration_ms()) + " ms only";
  if (is_silent(pcm, heard)) return "is silent";
  if (is_clipped(pcm)) return "is clipped to noise";
  if (is_noise(heard)) return "is noise: it does not rise and fall as speech does";
  if (ends_loudly(pcm, heard)) return "was cut off: it ends in the middle of a sound";
  return std::nullopt;
}

}  // namespace bhashatts::audio
