// What a FLAC stream says about itself, read without decoding it.
//
// libsndfile decodes FLAC but does not tell whether it decoded all of it: it ignores the MD5 of
// the samples, passes over a stream that ends early when the header gives no length (as ffmpeg's
// pipes don't), and believes the header's sample rate over the frames'. These are the facts that
// decode.cpp holds its result against.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace bhashatts::audio {

struct FlacStream {
  std::uint32_t block_size = 0;  // of all frames but the last, where the encoder kept it fixed
  std::uint32_t sample_rate = 0;
  std::uint32_t channels = 0;
  std::uint32_t bits_per_sample = 0;
  std::uint64_t total_samples = 0;      // of one channel; 0: not known when it was written
  std::array<unsigned char, 16> md5{};  // of the samples; all zero: not known
  std::optional<std::string> comment;   // the first COMMENT tag
  std::size_t frames_begin = 0;         // offset of the first frame

  bool has_md5() const;
};

// Nothing for what is no FLAC, or is cut off or damaged before the first frame.
std::optional<FlacStream> read_flac_stream(std::span<const std::byte> bytes);

// Whether the first frame has the rate, channels and sample size that the stream's header gives.
bool first_frame_agrees(std::span<const std::byte> bytes, const FlacStream& stream);

// How many samples the stream holds by the number in its last frame, which must end, checksum and
// all, where the bytes end. Nothing: it is cut off, or something follows it.
std::optional<std::uint64_t> samples_by_last_frame(std::span<const std::byte> bytes,
                                                   const FlacStream& stream);

}  // namespace bhashatts::audio
