// Sample formats, channels and bounds.
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "tests/audio/sounds.h"

namespace bhashatts::audio {
namespace {

using testing::Bytes;
using testing::decode_error;
using testing::write_floats;
using testing::write_ints;

using Samples = std::vector<std::int16_t>;

constexpr int kFull = 1 << 16;  // one step of 16 bits in libsndfile's 32

TEST(Decode, RoundsLongSamplesToTheNearest) {
  const std::vector<int> samples{0,
                                 kFull / 4,
                                 kFull * 3 / 4,
                                 -kFull * 3 / 4,
                                 5 * kFull,
                                 std::numeric_limits<int>::max(),
                                 std::numeric_limits<int>::min()};
  const Samples expected{0, 0, 1, -1, 5, 32767, -32768};
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_WAV | SF_FORMAT_PCM_32,
                           SF_FORMAT_FLAC | SF_FORMAT_PCM_24, SF_FORMAT_AIFF | SF_FORMAT_PCM_24}) {
    EXPECT_EQ(decode(write_ints(format, 24'000, 1, samples)).samples, expected) << format;
  }
}

TEST(Decode, WidensShortSamples) {
  const std::vector<int> samples{0, 256 * kFull, -256 * kFull, 127 * 256 * kFull};
  const Samples expected{0, 256, -256, 32512};
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_PCM_U8, SF_FORMAT_FLAC | SF_FORMAT_PCM_S8}) {
    EXPECT_EQ(decode(write_ints(format, 8'000, 1, samples)).samples, expected) << format;
  }
}

TEST(Decode, ScalesAndClampsFloats) {
  const float none = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  const std::vector<float> samples{0, 0.5F, -0.5F, 1, -1, 2, -2, none, infinite, -infinite};
  const Samples expected{0, 16384, -16384, 32767, -32768, 32767, -32768, 0, 32767, -32768};
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_FLOAT, SF_FORMAT_WAV | SF_FORMAT_DOUBLE}) {
    EXPECT_EQ(decode(write_floats(format, 44'100, 1, samples)).samples, expected) << format;
  }
}

TEST(Decode, BringsSixteenBitsThroughFloatsUnchanged) {
  std::vector<float> samples;
  Samples expected;
  for (int i = -32768; i <= 32767; i += 7) {
    samples.push_back(static_cast<float>(i) / 32768);
    expected.push_back(static_cast<std::int16_t>(i));
  }
  const Bytes wav = write_floats(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 22'050, 1, samples);
  EXPECT_EQ(decode(wav).samples, expected);
}

TEST(Decode, TakesTheMeanOfManyChannels) {
  const std::vector<int> stereo{100 * kFull,   200 * kFull, 32767 * kFull,
                                32767 * kFull, -1 * kFull,  2 * kFull};
  const Bytes flac = write_ints(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 22'050, 2, stereo);
  EXPECT_EQ(decode(flac).samples, (Samples{150, 32767, 0}));
  const std::vector<int> six(60, 300 * kFull);
  const Bytes wav = write_ints(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 22'050, 6, six);
  EXPECT_EQ(decode(wav).samples, Samples(10, 300));
}

TEST(Decode, ReadsOpusAndMp3AsWell) {
  std::vector<float> samples;
  for (const std::int16_t sample : testing::tone(24'000, 24'000).samples) {
    samples.push_back(static_cast<float>(sample) / 32768);
  }
  for (const int format :
       {SF_FORMAT_OGG | SF_FORMAT_OPUS, SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}) {
    const Pcm pcm = decode(write_floats(format, 24'000, 1, samples));
    EXPECT_EQ(pcm.sample_rate, 24'000U);
    EXPECT_NEAR(static_cast<double>(pcm.duration_ms()), 1'000, 60);
  }
}

TEST(Decode, LeavesRareFormatsAlone) {
  const std::vector<int> samples(100, kFull);
  for (const int format : {SF_FORMAT_AU, SF_FORMAT_CAF, SF_FORMAT_W64, SF_FORMAT_VOC}) {
    const Bytes file = write_ints(format | SF_FORMAT_PCM_16, 22'050, 1, samples);
    ASSERT_FALSE(file.empty());
    EXPECT_EQ(decode_error(file), ErrorCode::bad_audio) << format;
  }
}

TEST(Decode, LeavesVorbisAlone) {
  const std::vector<float> samples(1'000, 0.25F);
  const Bytes ogg = write_floats(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 24'000, 1, samples);
  ASSERT_FALSE(ogg.empty());
  EXPECT_EQ(decode_error(ogg), ErrorCode::bad_audio);
}

TEST(Decode, RefusesMoreThanAnHour) {
  // FLAC keeps silence in next to nothing: 60 KB that would become 58 MB of samples.
  const std::size_t hour = std::size_t{3'600} * 8'000;
  const Pcm silence{.sample_rate = 8'000, .samples = Samples(hour)};
  EXPECT_EQ(decode(encode(silence, AudioFormat::flac).span()).duration_ms(), 3'600'000);
  const std::vector<int> longer(hour + 1);
  const Bytes flac = write_ints(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8'000, 1, longer);
  EXPECT_EQ(decode_error(flac), ErrorCode::bad_audio);
}

TEST(Decode, IsSafeFromManyThreads) {
  const auto flac = encode(testing::tone(20'000), AudioFormat::flac);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&flac] {
      for (int round = 0; round < 10; ++round) {
        EXPECT_EQ(decode(flac.span()), testing::tone(20'000));
        EXPECT_EQ(decode_error(flac.span().first(5'000)), ErrorCode::bad_audio);
      }
    });
  }
}

}  // namespace
}  // namespace bhashatts::audio
