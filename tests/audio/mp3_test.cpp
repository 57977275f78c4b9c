// MP3, by its headers and by what comes back.
#include <gtest/gtest.h>

#include "audio/resample.h"
#include "tests/audio/sounds.h"
#include "tests/audio/speechlike.h"

namespace bhashatts::audio {
namespace {

using testing::correlation;
using testing::speechlike;

// Where the frame of the Info header names itself.
std::size_t info_of(std::string_view mp3) { return mp3.substr(0, 64).find("Info"); }

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

TEST(EncodeMp3, BringsBackEverySampleOfTheRatesThatItHas) {
  for (const std::uint32_t rate :
       {8'000U, 11'025U, 12'000U, 16'000U, 22'050U, 24'000U, 32'000U, 44'100U, 48'000U}) {
    const Pcm pcm = speechlike({.ms = 2'345, .rate = rate});
    const Pcm back = decode(encode(pcm, AudioFormat::mp3).span());
    EXPECT_EQ(back.sample_rate, rate);
    EXPECT_EQ(back.samples.size(), pcm.samples.size()) << rate;
    EXPECT_GT(correlation(pcm.samples, back.samples, 0), 0.97) << rate;
  }
}

TEST(EncodeMp3, TakesTheNextRateWhereMp3LacksOne) {
  for (const auto& [rate, taken] : {std::pair{20'000U, 22'050U},
                                    {22'051U, 24'000U},
                                    {37'800U, 44'100U},
                                    {96'000U, 48'000U},
                                    {192'000U, 48'000U}}) {
    const Pcm pcm = speechlike({.rate = rate});
    const Pcm back = decode(encode(pcm, AudioFormat::mp3).span());
    EXPECT_EQ(back.sample_rate, taken) << rate;
    EXPECT_EQ(back.duration_ms(), 1'000) << rate;
    EXPECT_GT(correlation(resampled(pcm, taken).samples, back.samples, 0), 0.97) << rate;
  }
}

TEST(EncodeMp3, TakesAnyNumberOfSamples) {
  for (const std::size_t count : {1U, 2U, 575U, 576U, 577U, 1'152U, 1'153U, 50'001U}) {
    const auto mp3 = encode(testing::tone(count), AudioFormat::mp3);
    EXPECT_EQ(decode(mp3.span()).samples.size(), count);
  }
}

TEST(EncodeMp3, TellsItsLengthInAnInfoHeader) {
  const auto mp3 = encode(speechlike({.ms = 10'000}), AudioFormat::mp3);
  const std::size_t info = info_of(mp3.chars());
  ASSERT_NE(info, std::string_view::npos);
  EXPECT_EQ(big_endian(mp3.chars(), info + 4) & 7U, 7U);   // frames, bytes, seek table
  EXPECT_NEAR(big_endian(mp3.chars(), info + 8), 385, 2);  // frames of 576 samples
  EXPECT_EQ(big_endian(mp3.chars(), info + 12), mp3.size());
  EXPECT_EQ(sniff(mp3.span()), AudioFormat::mp3);
}

TEST(EncodeMp3, KeepsAConstantRateThatAnyPlayerCanSeekBy) {
  for (const auto& [rate, kilobits] : {std::pair{16'000U, 48.0},
                                       {22'050U, 56.0},
                                       {24'000U, 64.0},
                                       {44'100U, 64.0},
                                       {8'000U, 32.0}}) {
    const auto mp3 = encode(speechlike({.ms = 20'000, .rate = rate}), AudioFormat::mp3);
    EXPECT_NEAR(static_cast<double>(mp3.size()) * 8 / 20'000, kilobits, 0.6) << rate;
  }
}

TEST(EncodeMp3, GivesTheSameBytesForTheSameSamples) {
  const Pcm pcm = speechlike({});
  EXPECT_EQ(encode(pcm, AudioFormat::mp3).chars(),
            encode(pcm, AudioFormat::mp3, "a comment is left out").chars());
}

}  // namespace
}  // namespace bhashatts::audio
