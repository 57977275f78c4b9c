#include "audio/resample.h"

#include <gtest/gtest.h>

#include "tests/audio/speechlike.h"

namespace bhashatts::audio {
namespace {

using testing::peak;
using testing::sine;
using testing::strength;

// The largest difference from the sine that it should be, away from the ends.
int error_of(const Pcm& got, double hertz, double amplitude) {
  const Pcm ideal = sine(hertz, amplitude, got.samples.size(), got.sample_rate);
  int largest = 0;
  for (std::size_t i = got.samples.size() / 10; i < got.samples.size() * 9 / 10; ++i) {
    largest = std::max(largest, std::abs(int{got.samples[i]} - int{ideal.samples[i]}));
  }
  return largest;
}

TEST(Resample, KeepsDurationToTheNearestSample) {
  EXPECT_EQ(resampled_size(22'050, 22'050, 44'100), 44'100U);
  EXPECT_EQ(resampled_size(22'051, 22'050, 24'000), 24'001U);
  EXPECT_EQ(resampled_size(1, 44'100, 8'000), 1U);
  EXPECT_EQ(resampled_size(0, 44'100, 8'000), 0U);
  EXPECT_EQ(resampled_size(172'800'000, 48'000, 192'000), 691'200'000U);
}

TEST(Resample, DrawsTheSameCurveAtAnyPairOfRates) {
  for (const auto& [from, to] : {std::pair{22'050U, 44'100U},
                                 {22'050U, 24'000U},
                                 {8'000U, 44'100U},
                                 {16'000U, 22'050U},
                                 {44'100U, 48'000U},
                                 {48'000U, 22'050U},
                                 {192'000U, 48'000U},
                                 {22'051U, 47'999U}}) {  // no common divisor: rows are mixed
    const Pcm got = resampled(sine(1'000, 20'000, from / 4, from), to);
    EXPECT_EQ(got.samples.size(), resampled_size(from / 4, from, to));
    EXPECT_LE(error_of(got, 1'000, 20'000), 2) << from << " to " << to;
  }
}

TEST(Resample, PassesTheBandOfTheVoiceWhole) {
  for (const double hertz : {100.0, 3'000.0, 7'000.0, 9'500.0}) {
    const Pcm got = resampled(sine(hertz, 20'000, 22'050, 22'050), 44'100);
    EXPECT_NEAR(strength(got.samples, hertz, 44'100), 20'000, 30) << hertz;
  }
}

TEST(Resample, LeavesNoImageAboveTheOldBand) {
  for (const double hertz : {1'000.0, 5'000.0, 9'000.0}) {
    const Pcm got = resampled(sine(hertz, 30'000, 22'050, 22'050), 44'100);
    EXPECT_LT(strength(got.samples, 22'050 - hertz, 44'100), 1) << hertz;  // -90 dB
  }
}

TEST(Resample, FoldsNothingBackIntoTheNewBand) {
  for (const double hertz : {11'200.0, 14'000.0, 20'000.0}) {
    const Pcm got = resampled(sine(hertz, 30'000, 44'100, 44'100), 22'050);
    EXPECT_LT(strength(got.samples, 22'050 - hertz, 22'050), 1) << hertz;
  }
}

TEST(Resample, KeepsALevelAtEveryPlaceBetweenTwoSamples) {
  const Pcm level{.sample_rate = 22'050, .samples = std::vector<std::int16_t>(4'000, 12'345)};
  for (const std::uint32_t to : {44'100U, 48'000U, 37'123U, 11'025U}) {
    const Pcm got = resampled(level, to);
    for (std::size_t i = got.samples.size() / 5; i < got.samples.size() * 4 / 5; ++i) {
      ASSERT_NEAR(got.samples[i], 12'345, 1) << to;
    }
  }
}

TEST(Resample, TakesWhatIsShorterThanItsWindow) {
  const Pcm one{.sample_rate = 8'000, .samples = {20'000}};
  const Pcm more = resampled(one, 48'000);
  EXPECT_EQ(more.samples.size(), 6U);
  EXPECT_GT(more.samples[0], 17'000);
  EXPECT_EQ(resampled(more, 8'000).samples.size(), 1U);
}

TEST(RoundSamples, GoesToTheNearestAndStaysWithinTheRange) {
  const std::vector<float> from{0, 0.49F, 0.5F, -0.5F, 32'766.7F, 40'000, -32'768, -1e9F};
  std::vector<std::int16_t> to(from.size());
  round_samples(from, 1, to);
  EXPECT_EQ(to, (std::vector<std::int16_t>{0, 0, 1, -1, 32'767, 32'767, -32'768, -32'768}));
  round_samples(from, 0.5F, to);
  EXPECT_EQ(to[4], 16'383);
}

TEST(TruePeak, SeesWhatLiesBetweenTheSamples) {
  const Pcm between = sine(22'050 / 4.0, 20'000, 2'000, 22'050, std::numbers::pi / 4);
  EXPECT_EQ(peak(between.samples), 14'142);
  EXPECT_NEAR(true_peak(between.samples), 20'000, 400);
  EXPECT_NEAR(true_peak(sine(300, 20'000, 2'205, 22'050).samples), 20'000, 100);
}

TEST(TruePeak, IsThatOfTheSamplesAtLeast) {
  EXPECT_EQ(true_peak({}), 0);
  EXPECT_EQ(true_peak(std::vector<std::int16_t>(10)), 0);
  EXPECT_GE(true_peak(std::vector<std::int16_t>{-32'768}), 32'768);
  EXPECT_GE(true_peak(std::vector<std::int16_t>{32'767, -32'768, 32'767}), 32'768);
}

}  // namespace
}  // namespace bhashatts::audio
