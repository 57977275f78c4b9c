#include "audio/loudness.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/audio/speech_sounds.h"

namespace bhashatts::audio {
namespace {

using testing::say;

Pcm tone_of(double hertz, std::uint32_t rate, double amplitude = 8'000) {
  Pcm pcm{.sample_rate = rate, .samples = {}};
  say(pcm, 1.0, hertz, amplitude);
  return pcm;
}

std::size_t loudest_band(const Loudness& heard) {
  const BandLevels& bands = heard.frames[heard.frames.size() / 2].bands;
  return static_cast<std::size_t>(std::ranges::max_element(bands) - bands.begin());
}

TEST(Loudness, CountsFiftyFramesASecondAtAnyRate) {
  for (const std::uint32_t rate : {8'000U, 11'025U, 16'000U, 22'050U, 24'000U, 44'100U, 48'000U}) {
    const std::size_t frames = loudness(tone_of(300, rate)).frames.size();
    EXPECT_GE(frames, 49U) << rate;
    EXPECT_LE(frames, 50U) << rate;
  }
}

TEST(Loudness, TellsBandsApartAtAnyRate) {
  for (const std::uint32_t rate : {8'000U, 16'000U, 22'050U, 44'100U}) {
    EXPECT_EQ(loudest_band(loudness(tone_of(250, rate))), 0U) << rate;
    EXPECT_EQ(loudest_band(loudness(tone_of(1'200, rate))), 1U) << rate;
    EXPECT_EQ(loudest_band(loudness(tone_of(3'600, rate))), 2U) << rate;
  }
}

TEST(Loudness, IsRelativeToTheLoudPart) {
  const Loudness loud = loudness(tone_of(300, 22'050, 16'000));
  const Loudness soft = loudness(tone_of(300, 22'050, 1'600));
  EXPECT_NEAR(loud.loud_dbfs - soft.loud_dbfs, 20, 0.5);
  for (std::size_t i = 0; i < loud.frames.size(); ++i) {
    EXPECT_NEAR(loud.frames[i].level, soft.frames[i].level, 1.0);
  }
}

TEST(Loudness, BearsWhatHasNoFrames) {
  EXPECT_TRUE(loudness({.sample_rate = 22'050, .samples = {}}).frames.empty());
  EXPECT_TRUE(loudness({.sample_rate = 192'000, .samples = {1, 2, 3}}).frames.empty());
  EXPECT_LT(loudness({.sample_rate = 8'000, .samples = std::vector<std::int16_t>(800)}).loud_dbfs,
            -100);
}

}  // namespace
}  // namespace bhashatts::audio
