// What audio we accept at all.
#pragma once

#include <cstdint>

namespace bhashatts::audio {

inline constexpr std::uint32_t kMinSampleRate = 8'000;
inline constexpr std::uint32_t kMaxSampleRate = 192'000;
inline constexpr std::uint64_t kMaxSeconds = 3'600;
// An hour at 48 kHz, 346 MB of samples. Above that rate the bound on memory holds and the hour
// shrinks: a few kilobytes of FLAC can claim, and prove, an hour of silence at 192 kHz.
inline constexpr std::uint64_t kMaxSamples = kMaxSeconds * 48'000;

// FLAC, our master's format, writes a rate over 65,535 Hz in tens of hertz.
constexpr bool is_supported_rate(std::uint32_t rate) {
  return rate >= kMinSampleRate && rate <= kMaxSampleRate && (rate <= 65'535 || rate % 10 == 0);
}

}  // namespace bhashatts::audio
