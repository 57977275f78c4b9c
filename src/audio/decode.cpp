// From whatever a synthesizer sent to mono 16-bit samples, all of them or an error.
//
// libsndfile decodes; what it passes over in silence is found here and in flac_stream.h. An error
// that it does report stands for one call only, so each call is checked (SoundReader). Samples are
// read at full width, not by sf_read_short, which cuts long samples off instead of rounding them.
// Measured, 12 s at 22,050 Hz: wav 0.8 ms, flac 5.1 ms of CPU, its MD5 included.
#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <new>

#include "audio/codec.h"
#include "audio/flac_stream.h"
#include "audio/limits.h"
#include "audio/magic.h"
#include "audio/sound_file.h"
#include "audio/wav_header.h"
#include "bhashatts/error.h"

namespace bhashatts::audio {
namespace {

constexpr std::size_t kBlockSamples = 16'384;

[[noreturn]] void refuse(const char* why) { throw Error(ErrorCode::bad_audio, why); }

// ---- samples

// To the nearest, ties to even, so that no rounding adds an offset; what is no number is silence.
std::int16_t to_int16(double sample) {
  if (std::isnan(sample)) return 0;
  return static_cast<std::int16_t>(std::lrint(std::clamp(sample, -32768.0, 32767.0)));
}

// What one full scale of the type is in 16 bits.
constexpr double scale_of(std::int32_t) { return 1.0 / 65536.0; }
constexpr double scale_of(float) { return 32768.0; }

template <typename Sample>
void append_mono(std::span<const Sample> interleaved, std::size_t channels,
                 std::vector<std::int16_t>& out) {
  const double scale = scale_of(Sample{}) / static_cast<double>(channels);
  for (std::size_t i = 0; i < interleaved.size(); i += channels) {
    double sum = 0;
    for (const Sample sample : interleaved.subspan(i, channels)) sum += sample;
    out.push_back(to_int16(sum * scale));
  }
}

// Reads to the end; `see` is shown every block as it is, before it becomes mono.
template <typename Sample, typename See>
Pcm read_all(SoundReader& reader, std::size_t bytes_behind_it, const See& see) {
  const auto channels = static_cast<std::size_t>(reader.info().channels);
  const auto rate = static_cast<std::uint32_t>(reader.info().samplerate);
  const std::uint64_t most = std::min<std::uint64_t>(kMaxSamples, kMaxSeconds * rate);
  std::vector<Sample> block(std::max<std::size_t>(kBlockSamples / channels, 1) * channels);
  Pcm pcm{.sample_rate = rate, .samples = {}};
  // Not what the header claims, but no more than the bytes that are really there can vouch for.
  pcm.samples.reserve(std::min(bytes_behind_it, std::size_t{1} << 22U));
  while (const std::size_t frames = reader.read(std::span(block))) {
    const auto got = std::span<const Sample>(block).first(frames * channels);
    see(got);
    append_mono(got, channels, pcm.samples);
    if (pcm.samples.size() > most) refuse("the audio is longer than an hour");
  }
  if (pcm.samples.empty()) refuse("the audio holds no sample");
  return pcm;
}

void require_rate(const SF_INFO& info) {
  if (info.samplerate < 0 || !is_supported_rate(static_cast<std::uint32_t>(info.samplerate))) {
    refuse("the audio's sample rate is none between 8,000 and 192,000 Hz that we can keep");
  }
  if (info.channels < 1) refuse("the audio has no channel");
}

bool has_float_samples(const SF_INFO& info) {
  switch (static_cast<unsigned>(info.format) & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_PCM_24:
    case SF_FORMAT_PCM_32:
    case SF_FORMAT_ULAW:
    case SF_FORMAT_ALAW: return false;
    default: return true;  // floats, and codecs that decode to them
  }
}

Pcm read_any(SoundReader& reader, std::size_t bytes_behind_it) {
  require_rate(reader.info());
  const auto ignore = [](const auto&) {};
  return has_float_samples(reader.info()) ? read_all<float>(reader, bytes_behind_it, ignore)
                                          : read_all<std::int32_t>(reader, bytes_behind_it, ignore);
}

// ---- FLAC

// FLAC's checksum over the samples as they were encoded: all channels, little-endian.
class SampleDigest {
 public:
  explicit SampleDigest(std::uint32_t bits) : bits_(bits), context_(EVP_MD_CTX_new()) {
    if (!context_) throw std::bad_alloc();
    // A FIPS build has no MD5; the frames' own checksums must then do.
    usable_ = EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr) == 1;
  }

  void add(std::span<const std::int32_t> samples) {
    if (!usable_) return;
    const std::uint32_t width = (bits_ + 7) / 8;
    packed_.clear();
    for (const std::int32_t sample : samples) {
      const std::int32_t value = sample >> (32U - bits_);
      for (std::uint32_t i = 0; i < width; ++i) {
        packed_.push_back(static_cast<unsigned char>(value >> (8 * i)));
      }
    }
    EVP_DigestUpdate(context_.get(), packed_.data(), packed_.size());
  }

  bool matches(const std::array<unsigned char, 16>& expected) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    if (!usable_ || EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) return true;
    return std::equal(expected.begin(), expected.end(), digest.begin());
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };
  std::uint32_t bits_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
  bool usable_ = false;
  std::vector<unsigned char> packed_;
};

// What the header promises, and, where no checksum over all samples vouches for them, what the last
// frame says: a header that promises too little would otherwise end the speech early.
void require_all_samples(std::span<const std::byte> bytes, const FlacStream& stream,
                         std::uint64_t decoded) {
  const bool as_promised = stream.total_samples == 0 || stream.total_samples == decoded;
  if (!as_promised || (!stream.has_md5() && samples_by_last_frame(bytes, stream) != decoded)) {
    refuse("the audio is damaged or cut off: samples are missing");
  }
}

Pcm decode_flac(std::span<const std::byte> bytes) {
  const auto stream = read_flac_stream(bytes);
  if (!stream || !first_frame_agrees(bytes, *stream)) {
    refuse("the audio's FLAC header is damaged or cut off");
  }
  SoundReader reader(SplicedBytes(bytes, {}));
  require_rate(reader.info());
  SampleDigest digest(stream->bits_per_sample);
  Pcm pcm =
      read_all<std::int32_t>(reader, bytes.size(), [&](const auto& block) { digest.add(block); });
  require_all_samples(bytes, *stream, pcm.samples.size());
  if (stream->has_md5() && !digest.matches(stream->md5)) {
    refuse("the audio is damaged: its samples do not match their checksum");
  }
  return pcm;
}

// ---- others

Pcm decode_wav(std::span<const std::byte> bytes) {
  const std::vector<std::byte> header = true_wav_header(bytes);
  SoundReader reader(SplicedBytes(header, bytes.subspan(header.size())));
  return read_any(reader, bytes.size());
}

Pcm decode_other(std::span<const std::byte> bytes) {
  SoundReader reader(SplicedBytes(bytes, {}));
  return read_any(reader, bytes.size());
}

}  // namespace

Pcm decode(std::span<const std::byte> bytes) {
  const auto container = recognise(bytes);
  if (!container) refuse("this is no audio that we know");
  switch (*container) {
    case Container::wav: return decode_wav(bytes);
    case Container::flac: return decode_flac(bytes);
    case Container::mp3: return decode_other(without_id3(bytes));
    case Container::opus:
    case Container::aiff: return decode_other(bytes);
  }
  refuse("this is no audio that we know");
}

}  // namespace bhashatts::audio
