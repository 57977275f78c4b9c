// Where the parts of a page go, and what happens at their edges.
#include "audio/join.h"

#include <gtest/gtest.h>

#include "audio/resample.h"
#include "tests/audio/sounds.h"
#include "tests/audio/speechlike.h"
#include "tests/support/raised.h"

namespace bhashatts::audio {
namespace {

using testing::largest_step;
using testing::peak;
using testing::samples_in;
using testing::sine;
using testing::speechlike;

constexpr std::int64_t kHourMs = 3'600'000;

std::span<const std::int16_t> at(const Joined& joined, const Joined::Place& place) {
  return std::span(joined.pcm.samples).subspan(place.begin, place.end - place.begin);
}

Joined joined(const std::vector<Pcm>& pcms, std::int64_t pause_ms) {
  std::vector<Part> parts;
  parts.reserve(pcms.size());
  for (const Pcm& pcm : pcms) parts.push_back({&pcm, pause_ms});
  return join(parts);
}

// Places in order, pauses between them, and nothing else.
void expect_contiguous(const Joined& joined, std::span<const Part> parts) {
  ASSERT_EQ(joined.places.size(), parts.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_EQ(joined.places[i].begin, next);
    EXPECT_GT(joined.places[i].end, joined.places[i].begin);
    next = joined.places[i].end + samples_in(parts[i].pause_after_ms, joined.pcm.sample_rate);
  }
  EXPECT_EQ(joined.pcm.samples.size(), next);
}

TEST(Join, GivesASinglePartBackAsItIs) {
  const Pcm pcm = speechlike({.silence_ms = 400});
  const Joined one = joined({pcm}, 0);
  EXPECT_EQ(one.pcm, pcm);
  ASSERT_EQ(one.places.size(), 1U);
  EXPECT_EQ(one.places[0].end, pcm.samples.size());
}

TEST(Join, LastsAsLongAsItsPartsAndPausesToTheSample) {
  const std::vector<Pcm> pcms{speechlike({.ms = 731}), speechlike({.ms = 1'213}),
                              speechlike({.ms = 57})};
  const std::vector<Part> parts{{&pcms[0], 333}, {&pcms[1], 0}, {&pcms[2], 1}};
  const Joined page = join(parts);
  expect_contiguous(page, parts);
  for (std::size_t i = 0; i < parts.size(); ++i) {  // nothing around them to cut
    EXPECT_EQ(at(page, page.places[i]).size(), pcms[i].samples.size());
  }
}

TEST(Join, LastsAsLongAtAnyMixOfRates) {
  const std::vector<Pcm> pcms{speechlike({.rate = 8'000}), speechlike({.rate = 44'100}),
                              speechlike({.rate = 22'050}), speechlike({.rate = 24'001})};
  const std::vector<Part> parts{{&pcms[0], 7}, {&pcms[1], 333}, {&pcms[2], 1}, {&pcms[3], 11}};
  const Joined page = join(parts);
  EXPECT_EQ(page.pcm.sample_rate, 44'100U);
  expect_contiguous(page, parts);
  for (const auto& place : page.places) EXPECT_EQ(place.end - place.begin, 44'100U);
}

TEST(Join, PausesInDigitalSilence) {
  const Joined page = joined({speechlike({}), speechlike({})}, 250);
  const Joined::Place pause{page.places[0].end, page.places[1].begin};
  EXPECT_EQ(at(page, pause).size(), samples_in(250, 22'050));
  EXPECT_EQ(peak(at(page, pause)), 0);
  EXPECT_EQ(peak(at(page, {page.places[1].end, page.pcm.samples.size()})), 0);
}

TEST(Join, CutsTheSilenceAroundAPartToFortyMilliseconds) {
  for (const std::int64_t silence : {0, 20, 39, 41, 300, 3'000}) {
    const Joined page = joined({speechlike({.silence_ms = silence}), speechlike({})}, 100);
    const auto left = static_cast<double>(std::min<std::int64_t>(silence, 40));
    const auto size = static_cast<double>(at(page, page.places[0]).size());
    // The first and the last few milliseconds of the sound itself are next to silence.
    EXPECT_NEAR(size / 22.05, 1'000 + 2 * left, 10) << silence;
    EXPECT_LE(size / 22.05, 1'000 + 2 * 40) << silence;
  }
}

TEST(Join, HearsTheEdgesOfSpeechThroughNoiseAndOffset) {
  Pcm noisy = speechlike({.silence_ms = 500});
  for (std::size_t i = 0; i < noisy.samples.size(); ++i) {
    const int noise = static_cast<int>(i * 7919 % 23) - 11;
    noisy.samples[i] = static_cast<std::int16_t>(noisy.samples[i] + 300 + noise);
  }
  const Joined page = joined({noisy, noisy}, 100);
  EXPECT_NEAR(static_cast<double>(at(page, page.places[0]).size()) / 22.05, 1'080, 15);
}

TEST(Join, LeavesTheSilenceInsideAPartAlone) {
  Pcm halves = speechlike({.ms = 500});
  const Pcm half = halves;
  halves.samples.resize(halves.samples.size() + samples_in(900, 22'050));
  halves.samples.insert(halves.samples.end(), half.samples.begin(), half.samples.end());
  const Joined page = joined({halves, half}, 10);
  EXPECT_EQ(at(page, page.places[0]).size(), halves.samples.size());
}

TEST(Join, ClicksNowhere) {
  // Cut in the middle of a sound, at its highest point, and set end to end.
  const Pcm cut = sine(200, 12'000, 22'050, 22'050, std::numbers::pi / 2);
  for (const std::int64_t pause : {0, 120}) {
    const Joined page = joined({cut, cut, cut}, pause);
    const int inside = largest_step(at(page, page.places[1]));
    for (const auto& place : page.places) {
      const std::size_t from = place.begin - std::min<std::size_t>(place.begin, 2);
      EXPECT_LE(largest_step(at(page, {from, place.begin + 2})), inside);
      EXPECT_LE(peak(at(page, {from, place.begin + 2})), 12'000 / 50);
    }
    EXPECT_LE(largest_step(page.pcm.samples), 12'000 / 15);
  }
}

TEST(Join, TouchesNothingButEdgesOfPartsThatAreEven) {
  const Pcm part = speechlike({});
  const Joined page = joined({part, part}, 100);
  const std::size_t faded = 22'050 * 5 / 1000;
  const auto kept = at(page, page.places[1]);
  EXPECT_TRUE(std::equal(kept.begin() + faded, kept.end() - faded, part.samples.begin() + faded));
}

TEST(Join, GivesTheSameSamplesForTheSameParts) {
  const std::vector<Pcm> pcms{speechlike({.amplitude = 3'000}), speechlike({.rate = 16'000})};
  EXPECT_EQ(joined(pcms, 150).pcm, joined(pcms, 150).pcm);
}

TEST(Join, KeepsThePitchOfAPartThatChangesItsRate) {
  const Joined page = joined({sine(440, 9'000, 8'000, 8'000), speechlike({.rate = 44'100})}, 50);
  const auto low = at(page, page.places[0]);
  EXPECT_NEAR(testing::strength(low, 440, 44'100), peak(low), peak(low) / 50.0);
  EXPECT_LT(testing::strength(low, 8'000 - 440, 44'100), 1);
}

TEST(Join, TakesPartsOfOneSample) {
  const Pcm one{.sample_rate = 22'050, .samples = {32'767}};
  const Pcm none{.sample_rate = 8'000, .samples = {0}};
  const std::vector<Part> parts{{&one, 10}, {&none, 10}, {&one, 0}, {&one, 0}};
  const Joined page = join(parts);
  expect_contiguous(page, parts);
  EXPECT_EQ(at(page, page.places[0]).size(), 1U);
  EXPECT_EQ(at(page, page.places[1]).size(), 3U);  // 2.76 of 22,050 Hz
}

TEST(Join, LeavesLittleOfAPartThatIsSilent) {
  const Pcm silent{.sample_rate = 22'050, .samples = std::vector<std::int16_t>(50'000)};
  const Joined page = joined({silent, speechlike({}), silent}, 10);
  EXPECT_LE(at(page, page.places[0]).size(), samples_in(80, 22'050));
  EXPECT_EQ(peak(at(page, page.places[2])), 0);
  EXPECT_EQ(peak(joined({silent, silent}, 5).pcm.samples), 0);
}

TEST(Join, RefusesWhatIsNoPage) {
  const Pcm good = speechlike({});
  const Pcm empty{.sample_rate = 22'050, .samples = {}};
  const Pcm odd{.sample_rate = 7'999, .samples = {1}};
  const auto refused = [](const std::vector<Part>& parts) {
    return testing::raised(ErrorCode::bad_audio, [&] { join(parts); });
  };
  EXPECT_EQ(refused({}), "there is nothing to join");
  EXPECT_EQ(refused({{&good, 0}, {&empty, 0}}), "a part to join has no sample");
  EXPECT_EQ(refused({{nullptr, 0}}), "a part to join has no sample");
  EXPECT_EQ(refused({{&good, 0}, {&odd, 0}}),
            "a part to join has a sample rate that we cannot keep");
}

TEST(Join, RefusesMoreThanAnHourBeforeItMakesRoomForIt) {
  const Pcm good = speechlike({});
  const auto refused = [&](std::int64_t pause_ms) {
    return testing::raised(ErrorCode::bad_audio, [&] { joined({good, good}, pause_ms); });
  };
  EXPECT_EQ(refused(kHourMs), "the speech is over an hour long");
  EXPECT_EQ(refused(kHourMs / 2), "the speech is over an hour long");
  const std::string wrong = "a pause between two parts is negative or over an hour";
  EXPECT_EQ(refused(std::numeric_limits<std::int64_t>::max()), wrong);
  EXPECT_EQ(refused(-1), wrong);
}

}  // namespace
}  // namespace bhashatts::audio
