// MP3 through libsndfile, for players that know nothing better. A constant bit rate, although a
// variable one would spare some of the pauses: then any player finds any second by division alone,
// and those that ignore the seek table of the Info header are just the ones that MP3 is for. That
// header also says how many samples the encoder put before and behind, so the length stays true.
#include <sndfile.h>

#include <algorithm>
#include <array>

#include "audio/lossy.h"
#include "audio/resample.h"
#include "audio/sound_file.h"

namespace bhashatts::audio {
namespace {

constexpr std::array<std::uint32_t, 9> kRates{8'000,  11'025, 12'000, 16'000, 22'050,
                                              24'000, 32'000, 44'100, 48'000};

// The next rate that MP3 has; 48,000 for all above it.
std::uint32_t mp3_rate(std::uint32_t rate) {
  const auto* const at = std::ranges::lower_bound(kRates, rate);
  return at == kRates.end() ? kRates.back() : *at;
}

// Kilobits a second, one channel, and between which of them libsndfile spreads its "compression"
// of 0 to 1.
struct BitRate {
  double wanted, least, most;

  // libsndfile cuts the fraction off: half a kilobit more than wanted becomes what is wanted.
  double compression() const { return (most - (wanted + 0.5)) / (most - least); }
};

// The lowest that carry all of a voice, and whose frames have room for the Info header: 169 bytes,
// 177 from 32 kHz on. At 48 kbit/s LAME leaves it out for 22,050 Hz, and the length is then wrong
// by what the encoder put before and behind.
BitRate bit_rate(std::uint32_t rate) {
  if (rate >= 32'000) return {64, 32, 320};
  if (rate >= 24'000) return {64, 8, 160};
  if (rate >= 22'050) return {56, 8, 160};
  if (rate >= 16'000) return {48, 8, 160};
  return {32, 8, 64};
}

}  // namespace

SharedBytes encode_mp3(const Pcm& pcm) {
  const std::uint32_t rate = mp3_rate(pcm.sample_rate);
  SoundWriter writer(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, rate);
  writer.set_compression(bit_rate(rate).compression());
  writer.set_constant_bit_rate();
  if (rate == pcm.sample_rate) {
    writer.write(pcm.samples);
  } else {
    writer.write(resampled(pcm, rate).samples);
  }
  return SharedBytes::adopt(writer.finish());
}

}  // namespace bhashatts::audio
