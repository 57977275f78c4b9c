// From one sample rate to another, by a windowed sinc.
//
// Thread rule: a Resampler is immutable once made; any thread. The functions are pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "audio/codec.h"

namespace bhashatts::audio {

// What `count` samples become, to the nearest; at least one of any.
std::size_t resampled_size(std::size_t count, std::uint32_t from, std::uint32_t to);

// Sound up to 0.87 of the lower rate's Nyquist frequency passes; images and aliases of the rest lie
// 95 dB down. Outside of the samples given there is silence. The first sample stays where it is.
class Resampler {
 public:
  Resampler(std::uint32_t from, std::uint32_t to);

  std::vector<float> operator()(std::span<const float> samples) const;

 private:
  // Row r holds the weights of the samples around an output that lies r / phases_ behind a sample.
  std::span<const float> row(std::size_t phase) const;
  float value_at(std::span<const float> padded, std::uint64_t numerator) const;

  std::uint32_t from_, to_;
  std::uint64_t up_, down_;  // to_ / from_, in lowest terms
  std::size_t half_;         // samples on each side that an output hears
  std::size_t phases_;
  std::vector<float> rows_;
};

Pcm resampled(const Pcm& pcm, std::uint32_t to);

// From floats as large as samples to samples: times `factor`, to the nearest, within the range.
void round_samples(std::span<const float> from, float factor, std::span<std::int16_t> to);

// The highest value that the curve through the samples reaches, between them as well; as large as a
// sample, 32,768 at full scale. To about 0.2 dB.
float true_peak(std::span<const std::int16_t> samples);

}  // namespace bhashatts::audio
