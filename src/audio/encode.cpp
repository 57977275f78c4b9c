// Formats that we write. The same samples give the same bytes on one machine: no dates, no random
// serial numbers. FLAC, Opus and MP3 carry their encoder's version, so an upgrade of a library
// changes bytes, but of FLAC never samples; nothing here is named by its encoded bytes.
#include <cstring>
#include <limits>
#include <vector>

#include "audio/codec.h"
#include "audio/limits.h"
#include "audio/lossy.h"
#include "audio/sound_file.h"
#include "audio/wav_header.h"
#include "bhashatts/error.h"

namespace bhashatts::audio {
namespace {

static_assert(kMaxSamples * sizeof(std::int16_t) < std::numeric_limits<std::uint32_t>::max());

void require_speech(const Pcm& pcm) {
  if (pcm.samples.empty()) throw Error(ErrorCode::bad_audio, "there is no sample to encode");
  if (pcm.samples.size() > kMaxSamples) throw Error(ErrorCode::bad_audio, "the audio is too long");
  if (!is_supported_rate(pcm.sample_rate)) {
    throw Error(ErrorCode::bad_audio,
                "the sample rate is none between 8,000 and 192,000 Hz that we can keep");
  }
}

SharedBytes encode_wav(const Pcm& pcm) {
  const auto samples = std::as_bytes(std::span(pcm.samples));
  const auto header = wav_header(pcm.sample_rate, static_cast<std::uint32_t>(samples.size()));
  std::vector<std::byte> file;
  file.reserve(header.size() + samples.size());
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), samples.begin(), samples.end());  // we run on little-endian machines
  return SharedBytes::adopt(std::move(file));
}

// Level 5 of 8. Measured on 12 s of speech at 22,050 Hz: 4.6 ms and 220 KB; level 0 2.7 ms and
// 224 KB; level 8 8.6 ms and 210 KB.
SharedBytes encode_flac(const Pcm& pcm, std::string_view comment) {
  SoundWriter writer(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, pcm.sample_rate);
  writer.set_compression(5.0 / 8.0);
  if (!comment.empty()) writer.set_comment(comment);
  writer.write(pcm.samples);
  return SharedBytes::adopt(writer.finish());
}

}  // namespace

SharedBytes encode(const Pcm& pcm, AudioFormat format, std::string_view comment) {
  require_speech(pcm);
  switch (format) {
    case AudioFormat::wav: return encode_wav(pcm);
    case AudioFormat::flac: return encode_flac(pcm, comment);
    case AudioFormat::opus: return encode_opus(pcm);
    case AudioFormat::mp3: return encode_mp3(pcm);
  }
  throw Error(ErrorCode::internal, "this is the number of no format");
}

}  // namespace bhashatts::audio
