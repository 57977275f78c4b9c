// A voice that speaks sentence by sentence is loud in one and soft in the next; side by side that
// is heard. All parts get the middle level of them, by one factor each: a compressor or limiter
// would change what the voice does inside a sentence. Where a part's peaks leave no room for the
// middle level, all parts stay as much lower.
//
// Samples are floats from the master to the one rounding at the end, without dither: the same parts
// must give the same bytes, and what rounding adds lies 98 dB down. Pauses are digital silence: the
// voices that we know leave at most -60 dB of noise around their words, too little to miss.
#include "audio/join.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "audio/level.h"
#include "audio/limits.h"
#include "audio/resample.h"
#include "bhashatts/error.h"

namespace bhashatts::audio {
namespace {

// Of the silence on each side of a part. With what is silent of the 5 ms in which the speech begins
// or ends: 40 ms at most.
constexpr std::size_t kKeptMs = 35;
constexpr std::size_t kFadeMs = 5;  // less clicks, more dulls a stop consonant

constexpr double kMostGain = 9;  // dB, up or down
// What is softer than this is no speech, and raising it would raise noise.
constexpr double kFaintDbfs = -55;
// Highest peak, also between samples: 1 dB of room for what MP3 and Opus add.
constexpr double kCeilingDbfs = -1;
// By how much all parts give way to the peaks of one.
constexpr double kMostYield = 6;

[[noreturn]] void refuse(const char* why) { throw Error(ErrorCode::bad_audio, why); }

double decibels(double amplitude) { return 20 * std::log10(amplitude + 1e-9); }

void require_sound(std::span<const Part> parts) {
  if (parts.empty()) refuse("there is nothing to join");
  for (const Part& part : parts) {
    if (part.pcm == nullptr || part.pcm->samples.empty()) refuse("a part to join has no sample");
    if (!is_supported_rate(part.pcm->sample_rate)) {
      refuse("a part to join has a sample rate that we cannot keep");
    }
  }
}

// ---- what of each part is used

struct Measured {
  const Pcm* pcm = nullptr;
  std::size_t begin = 0;  // in its own samples
  std::size_t end = 0;
  double level = 0;     // dBFS
  double headroom = 0;  // dB to the ceiling
  double gain = 0;      // dB

  std::span<const std::int16_t> samples() const {
    return std::span(pcm->samples).subspan(begin, end - begin);
  }
  bool is_faint() const { return level < kFaintDbfs; }
};

Measured measured(const Pcm& pcm) {
  const SpeechLevel speech = speech_level(pcm);
  const std::size_t kept = pcm.sample_rate * kKeptMs / 1000;
  Measured part{.pcm = &pcm, .level = speech.dbfs};
  part.begin = speech.begin - std::min(kept, speech.begin);
  part.end = std::min(pcm.samples.size(), speech.end + kept);
  part.headroom = kCeilingDbfs - decibels(true_peak(part.samples()) / 32'768.0);
  return part;
}

std::vector<Measured> all_measured(std::span<const Part> parts) {
  std::vector<Measured> all;
  for (const Part& part : parts) all.push_back(measured(*part.pcm));
  return all;
}

// ---- one loudness

double middle_of(std::vector<double> levels) {
  std::ranges::sort(levels);
  const std::size_t half = levels.size() / 2;
  return levels.size() % 2 == 1 ? levels[half] : (levels[half - 1] + levels[half]) / 2;
}

// The level that all parts are to have.
double target_of(std::span<const Measured> parts) {
  std::vector<double> levels;
  double reachable = std::numeric_limits<double>::infinity();
  for (const Measured& part : parts) {
    if (part.is_faint()) continue;
    levels.push_back(part.level);
    reachable = std::min(reachable, part.level + part.headroom);
  }
  if (levels.empty()) return 0;
  const double middle = middle_of(std::move(levels));
  return std::clamp(reachable, middle - kMostYield, middle);
}

void set_gains(std::span<Measured> parts) {
  const double target = target_of(parts);
  for (Measured& part : parts) {
    const double wanted = part.is_faint() ? 0 : target - part.level;
    part.gain = std::min(std::clamp(wanted, -kMostGain, kMostGain), part.headroom);
  }
}

// ---- where everything goes

std::uint32_t highest_rate(std::span<const Measured> parts) {
  const auto rate = [](const Measured& part) { return part.pcm->sample_rate; };
  return rate(std::ranges::max(parts, {}, rate));
}

std::size_t pause_samples(std::int64_t ms, std::uint32_t rate) {
  constexpr auto longest = static_cast<std::int64_t>(kMaxSeconds * 1000);
  if (ms < 0 || ms > longest) refuse("a pause between two parts is negative or over an hour");
  return static_cast<std::size_t>((ms * rate + 500) / 1000);
}

// The places, and the length of the whole.
std::size_t lay_out(std::span<const Measured> measured, std::span<const Part> parts,
                    std::uint32_t rate, std::vector<Joined::Place>& places) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t size =
        resampled_size(measured[i].samples().size(), measured[i].pcm->sample_rate, rate);
    places.push_back({at, at + size});
    at += size + pause_samples(parts[i].pause_after_ms, rate);
    if (at > std::min(kMaxSamples, kMaxSeconds * rate)) refuse("the speech is over an hour long");
  }
  return at;
}

// ---- samples

// One resampler a rate: its weights cost more than a sentence.
class Rates {
 public:
  explicit Rates(std::uint32_t to) : to_(to) {}

  std::vector<float> unified(const Measured& part) {
    const auto samples = part.samples();
    std::vector<float> floats(samples.begin(), samples.end());
    const std::uint32_t from = part.pcm->sample_rate;
    return from == to_ ? floats : resampler(from)(floats);
  }

 private:
  const Resampler& resampler(std::uint32_t from) {
    return resamplers_.try_emplace(from, from, to_).first->second;
  }

  std::uint32_t to_;
  std::map<std::uint32_t, Resampler> resamplers_;
};

// A raised cosine over both ends; over the halves of what is shorter than two of them.
void fade(std::span<float> samples, std::size_t length) {
  length = std::min(length, (samples.size() + 1) / 2);
  for (std::size_t i = 0; i < length; ++i) {
    const double along = (static_cast<double>(i) + 0.5) / static_cast<double>(length);
    const auto factor = static_cast<float>((1 - std::cos(std::numbers::pi * along)) / 2);
    samples[i] *= factor;
    samples[samples.size() - 1 - i] *= factor;
  }
}

}  // namespace

Joined join(std::span<const Part> parts) {
  require_sound(parts);
  if (parts.size() == 1 && parts[0].pause_after_ms == 0) {
    return {*parts[0].pcm, {{0, parts[0].pcm->samples.size()}}};
  }
  std::vector<Measured> measured = all_measured(parts);
  set_gains(measured);
  Joined joined;
  joined.pcm.sample_rate = highest_rate(measured);
  joined.pcm.samples.resize(lay_out(measured, parts, joined.pcm.sample_rate, joined.places));
  Rates rates(joined.pcm.sample_rate);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::vector<float> samples = rates.unified(measured[i]);
    fade(samples, joined.pcm.sample_rate * kFadeMs / 1000);
    const auto factor = static_cast<float>(std::pow(10, measured[i].gain / 20));
    const auto [begin, end] = joined.places[i];
    round_samples(samples, factor, std::span(joined.pcm.samples).subspan(begin, end - begin));
  }
  return joined;
}

}  // namespace bhashatts::audio
