// Sound that rises and falls as speech does, with silence around it, and ways to measure it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numbers>
#include <span>
#include <vector>

#include "audio/codec.h"

namespace bhashatts::testing {

using Samples = std::span<const std::int16_t>;

inline std::size_t samples_in(std::int64_t ms, std::uint32_t rate) {
  return static_cast<std::size_t>((ms * rate + 500) / 1000);
}

struct Spoken {
  std::int64_t ms = 1'000;
  double amplitude = 8'000;
  std::int64_t silence_ms = 0;  // before and behind
  std::uint32_t rate = 22'050;
  double pitch = 140;
};

// Four syllables a second of a buzz of twelve harmonics, each hum swelling and dying away.
inline audio::Pcm speechlike(const Spoken& how) {
  const std::size_t edge = samples_in(how.silence_ms, how.rate);
  const std::size_t count = samples_in(how.ms, how.rate);
  audio::Pcm pcm{.sample_rate = how.rate, .samples = std::vector<std::int16_t>(count + 2 * edge)};
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / how.rate;
    double wave = 0;
    for (int k = 1; k <= 12; ++k) {
      wave += std::sin(2 * std::numbers::pi * how.pitch * k * t + k) / k;
    }
    const double swell = 0.55 - 0.45 * std::cos(2 * std::numbers::pi * 4 * t);
    pcm.samples[edge + i] = static_cast<std::int16_t>(std::lrint(how.amplitude * swell * wave / 3));
  }
  return pcm;
}

inline audio::Pcm sine(double hertz, double amplitude, std::size_t count, std::uint32_t rate,
                       double phase = 0) {
  audio::Pcm pcm{.sample_rate = rate, .samples = std::vector<std::int16_t>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / rate;
    pcm.samples[i] = static_cast<std::int16_t>(
        std::lrint(amplitude * std::sin(2 * std::numbers::pi * hertz * t + phase)));
  }
  return pcm;
}

inline int peak(Samples samples) {
  int highest = 0;
  for (const int sample : samples) highest = std::max(highest, std::abs(sample));
  return highest;
}

// Of the whole, in dB below full scale.
inline double rms_dbfs(Samples samples) {
  double sum = 0;
  for (const double sample : samples) sum += sample * sample;
  return 10 * std::log10(sum / static_cast<double>(samples.size()) / (32'768.0 * 32'768.0) + 1e-12);
}

inline int largest_step(Samples samples) {
  int largest = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    largest = std::max(largest, std::abs(int{samples[i]} - int{samples[i - 1]}));
  }
  return largest;
}

// Of a and of what lies `shift` samples further on in b.
inline double correlation(Samples a, Samples b, int shift) {
  double ab = 0, aa = 0, bb = 0;
  const auto count = static_cast<int>(std::min(a.size(), b.size()));
  for (int i = std::max(0, -shift); i < std::min(count, count - shift); ++i) {
    const double x = a[static_cast<std::size_t>(i)];
    const double y = b[static_cast<std::size_t>(i + shift)];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / std::sqrt(aa * bb + 1e-9);
}

// How strong one frequency is, as the amplitude of a sine, the ends left out.
inline double strength(Samples samples, double hertz, std::uint32_t rate) {
  const std::size_t skip = samples.size() / 10;
  const Samples middle = samples.subspan(skip, samples.size() - 2 * skip);
  double re = 0, im = 0, weights = 0;
  for (std::size_t i = 0; i < middle.size(); ++i) {
    const double along =
        2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(middle.size());
    const double weight = 0.42 - 0.5 * std::cos(along) + 0.08 * std::cos(2 * along);
    const double angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
    re += weight * middle[i] * std::cos(angle);
    im += weight * middle[i] * std::sin(angle);
    weights += weight;
  }
  return 2 * std::hypot(re, im) / weights;
}

}  // namespace bhashatts::testing
