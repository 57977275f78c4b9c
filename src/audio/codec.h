// Audio in and out: from whatever a synthesizer sent to samples, and from samples to a format.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/audio.h"
#include "bhashatts/bytes.h"

namespace bhashatts::audio {

// Mono, signed 16-bit. That is what every voice we know gives, and what the master keeps.
struct Pcm {
  std::uint32_t sample_rate = 0;  // Hz
  std::vector<std::int16_t> samples;

  // Rounded to the nearest millisecond.
  std::int64_t duration_ms() const;
  bool operator==(const Pcm&) const = default;
};

// By the first bytes, never by a name or a header that came along; nothing for what we do not know.
std::optional<AudioFormat> sniff(std::span<const std::byte> bytes) noexcept;

// Decodes wav (any sample format; a length in the header that is 0, 2 GiB or more, or past the end
// by no more than a header's 44 bytes means "to the end"), flac, opus, mp3 and aiff; many channels
// become their mean, longer samples are rounded.
// Raises bad_audio for what is not audio, holds no sample, is damaged or cut off (flac: any byte;
// wav: as far as its header tells; opus and mp3: as far as their decoders do), has a rate outside
// 8,000 to 192,000 Hz, or decodes to more than an hour (above 48,000 Hz: to more than 172,800,000
// samples).
Pcm decode(std::span<const std::byte> bytes);

// wav: 44-byte header, true lengths. flac: level 5, with `comment` as its COMMENT tag when not
// empty; the others carry none. opus: Ogg, set for speech, 24 kbit/s (32 above 24 kHz). mp3: 56
// kbit/s at 22,050 Hz (64 above, 48 and 32 below); a rate that MP3 lacks becomes the next that it
// has. All tell their true length and can be played from the middle. The same samples give the same
// bytes, as long as the libraries are the same.
// Raises bad_audio for no samples, a rate that is not supported, or more than an hour.
SharedBytes encode(const Pcm& pcm, AudioFormat format, std::string_view comment = {});

// The COMMENT tag of a flac file; nothing when it has none or is no flac.
std::optional<std::string> flac_comment(std::span<const std::byte> bytes);

}  // namespace bhashatts::audio
