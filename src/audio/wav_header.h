// The header of a WAV file: written with true lengths, and read with less trust than libsndfile
// has.
//
// Programs that write to a pipe cannot know the length when they write the header. espeak-ng puts
// 0x7FFFF000 there, ffmpeg 0xFFFFFFFF, others 0: all mean "to the end". A length that could be
// true but lies well past the end is something else: the audio was cut off on its way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bhashatts::audio {

inline constexpr std::size_t kWavHeaderBytes = 44;

// Mono, 16 bits a sample. data_bytes must be below 4 GiB - 36.
std::array<std::byte, kWavHeaderBytes> wav_header(std::uint32_t sample_rate,
                                                  std::uint32_t data_bytes);

// A copy of all that stands before the samples, with lengths that are true for `bytes`.
// Raises bad_audio where there is no data chunk, or where it was cut off.
std::vector<std::byte> true_wav_header(std::span<const std::byte> bytes);

}  // namespace bhashatts::audio
