// What kept audio is called and what is known about it.
//
// Thread rule: values; no shared state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/export.h"
#include "bhashatts/key.h"

namespace bhashatts {

enum class AudioFormat : std::uint8_t { wav = 1, flac = 2, opus = 3, mp3 = 4 };
inline constexpr std::array<AudioFormat, 4> kAudioFormats{AudioFormat::wav, AudioFormat::flac,
                                                          AudioFormat::opus, AudioFormat::mp3};

// "wav", "flac", "opus", "mp3": the format's name and its file extension.
BHASHATTS_API std::string_view name(AudioFormat format) noexcept;
// "audio/wav", "audio/flac", "audio/ogg", "audio/mpeg".
BHASHATTS_API std::string_view media_type(AudioFormat format) noexcept;
BHASHATTS_API std::optional<AudioFormat> audio_format(std::string_view name) noexcept;

// Where in the audio one utterance is heard, in ms from its beginning, rounded to the nearest. The
// pause behind it lasts until the next one begins.
struct UtterancePlace {
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;

  bool operator==(const UtterancePlace&) const = default;
};

// All that a hit has to tell, kept beside the audio in every tier. All of it comes from the audio
// itself or from its making; none of it depends on who asks.
struct AudioMetadata {
  Key key;  // of the speech (or utterance) that the bytes are
  AudioFormat format = AudioFormat::wav;
  std::uint32_t sample_rate = 0;  // Hz
  std::int64_t duration_ms = 0;   // of the decoded audio, rounded to the nearest ms
  std::uint64_t size_bytes = 0;
  std::uint64_t checksum = 0;  // XXH3-64 of the bytes
  std::string synthesizer;     // Synthesizer::identity()
  std::string language;        // "HINDI"
  std::string voice_style;     // "storyteller"
  std::int32_t take = 0;       // highest take among the utterances
  std::int32_t utterances = 1;
  std::vector<UtterancePlace> places = {};  // of a speech, one an utterance; a master has none
  std::int64_t generation_time_ms = 0;      // of all its syntheses, without waits
  std::int64_t generation_cost_micro_usd = 0;
  std::int64_t created_at = 0;  // Unix seconds

  bool operator==(const AudioMetadata&) const = default;
};

}  // namespace bhashatts
