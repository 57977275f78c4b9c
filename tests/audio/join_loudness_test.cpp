// How loud the parts of a page become.
#include <gtest/gtest.h>

#include <random>

#include "audio/join.h"
#include "audio/level.h"
#include "audio/resample.h"
#include "tests/audio/speechlike.h"

namespace bhashatts::audio {
namespace {

using testing::peak;
using testing::rms_dbfs;
using testing::speechlike;

Pcm piece(const Joined& joined, std::size_t i) {
  const auto& [begin, end] = joined.places[i];
  const auto from = joined.pcm.samples.begin();
  return {joined.pcm.sample_rate,
          {from + static_cast<std::ptrdiff_t>(begin), from + static_cast<std::ptrdiff_t>(end)}};
}

Joined joined(const std::vector<Pcm>& pcms) {
  std::vector<Part> parts;
  parts.reserve(pcms.size());
  for (const Pcm& pcm : pcms) parts.push_back({&pcm, 100});
  return join(parts);
}

std::vector<double> levels(const Joined& joined) {
  std::vector<double> all;
  for (std::size_t i = 0; i < joined.places.size(); ++i) {
    all.push_back(speech_level(piece(joined, i)).dbfs);
  }
  return all;
}

double spread(const std::vector<double>& levels) {
  return std::ranges::max(levels) - std::ranges::min(levels);
}

Pcm noise(double amplitude, std::size_t count) {
  std::mt19937 random(7);
  Pcm pcm{.sample_rate = 22'050, .samples = std::vector<std::int16_t>(count)};
  for (auto& sample : pcm.samples) {
    const double unit = static_cast<double>(random()) / static_cast<double>(random.max());
    sample = static_cast<std::int16_t>(std::lrint(amplitude * (2 * unit - 1)));
  }
  return pcm;
}

TEST(SpeechLevel, IsThatOfTheSpeechWhateverSilenceLiesAround) {
  const double alone = speech_level(speechlike({})).dbfs;
  EXPECT_NEAR(alone, rms_dbfs(speechlike({}).samples), 0.1);
  EXPECT_NEAR(speech_level(speechlike({.silence_ms = 3'000})).dbfs, alone, 0.2);
  EXPECT_NEAR(speech_level(speechlike({.amplitude = 4'000})).dbfs, alone - 6.02, 0.1);
  EXPECT_NEAR(speech_level(speechlike({.rate = 44'100})).dbfs, alone, 0.2);
}

TEST(SpeechLevel, LeavesOutAPauseWithin) {
  Pcm halves = speechlike({.ms = 500});
  const double alone = speech_level(halves).dbfs;
  const std::vector<std::int16_t> half = halves.samples;
  halves.samples.resize(half.size() + 22'050);
  halves.samples.insert(halves.samples.end(), half.begin(), half.end());
  EXPECT_NEAR(speech_level(halves).dbfs, alone, 1.0);
  EXPECT_LT(rms_dbfs(halves.samples), alone - 2.5);
}

TEST(SpeechLevel, FindsNoSpeechInSilence) {
  for (const auto level : std::initializer_list<std::int16_t>{0, 1, -32'768}) {
    const Pcm flat{.sample_rate = 22'050, .samples = std::vector<std::int16_t>(5'000, level)};
    EXPECT_EQ(speech_level(flat).end, 0U) << level;
    EXPECT_LT(speech_level(flat).dbfs, -100);
  }
  EXPECT_EQ(speech_level({.sample_rate = 22'050, .samples = {}}).end, 0U);
}

TEST(JoinLoudness, BringsAllPartsToTheMiddleLevel) {
  const std::vector<Pcm> pcms{speechlike({.amplitude = 3'000}),
                              speechlike({.amplitude = 6'000, .pitch = 230}),
                              speechlike({.ms = 2'500, .amplitude = 12'000, .silence_ms = 200})};
  const Joined page = joined(pcms);
  EXPECT_LT(spread(levels(page)), 0.2);
  EXPECT_NEAR(levels(page)[0], speech_level(pcms[1]).dbfs, 0.2);
}

TEST(JoinLoudness, BringsPartsOfDifferentRatesTogetherToo) {
  const Joined page = joined({speechlike({.amplitude = 3'000, .rate = 8'000}),
                              speechlike({.amplitude = 7'000, .rate = 44'100})});
  EXPECT_LT(spread(levels(page)), 0.3);
}

TEST(JoinLoudness, ChangesNoPartByMoreThanNineDecibels) {
  const std::vector<Pcm> pcms{speechlike({.amplitude = 600}), speechlike({.amplitude = 12'000}),
                              speechlike({.amplitude = 12'000})};
  const std::vector<double> after = levels(joined(pcms));
  EXPECT_NEAR(after[0], speech_level(pcms[0]).dbfs + 9, 0.1);
  EXPECT_NEAR(after[1], after[2], 0.1);
}

TEST(JoinLoudness, DoesNotRaiseWhatIsNextToSilence) {
  const Pcm faint = noise(40, 30'000);  // -63 dB
  const Joined page = joined({faint, speechlike({}), faint, faint});
  EXPECT_LE(peak(piece(page, 0).samples), 40);
  EXPECT_NEAR(levels(page)[1], speech_level(speechlike({})).dbfs, 0.1);  // it does not count either
}

TEST(JoinLoudness, LeavesRoomAboveTheHighestPeak) {
  const Pcm soft = speechlike({.amplitude = 9'000});
  Pcm peaky = speechlike({.amplitude = 4'000});
  for (std::size_t i = 2'000; i < peaky.samples.size(); i += 9'000) peaky.samples[i] = 18'000;
  const Joined page = joined({soft, peaky, soft});
  EXPECT_LE(true_peak(page.pcm.samples), 32'768 * 0.9);
  EXPECT_LT(spread(levels(page)), 0.3);  // all of them gave way
  EXPECT_LT(levels(page)[0], speech_level(soft).dbfs);
}

TEST(JoinLoudness, LetsOnePeakPullThePageDownBySixDecibelsAtMost) {
  Pcm peaky = speechlike({.amplitude = 1'500});
  peaky.samples[5'000] = 32'767;
  const Pcm usual = speechlike({.amplitude = 9'000});
  const Joined page = joined({usual, peaky, usual});
  EXPECT_NEAR(levels(page)[0], speech_level(usual).dbfs - 6, 0.1);
  EXPECT_LE(true_peak(page.pcm.samples), 32'768 * 0.9);
}

TEST(JoinLoudness, ClipsNothingAtFullScale) {
  Pcm square{.sample_rate = 22'050, .samples = {}};
  for (int i = 0; i < 22'050; ++i) square.samples.push_back(i / 50 % 2 == 0 ? 32'767 : -32'768);
  const Joined page = joined({square, speechlike({.amplitude = 500}), square});
  EXPECT_LT(peak(page.pcm.samples), 32'767);
  const Joined wide = joined({square, speechlike({.rate = 44'100})});
  EXPECT_LT(peak(wide.pcm.samples), 32'767);
}

}  // namespace
}  // namespace bhashatts::audio
