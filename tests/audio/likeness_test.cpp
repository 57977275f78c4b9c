#include "audio/likeness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/audio/speech_sounds.h"

namespace bhashatts::audio {
namespace {

// Consonant, vowel, consonant, vowel.
std::vector<Sound> words(int seed, int syllables = 30) {
  constexpr std::array<Sound, 3> kConsonants{Sound::sibilant, Sound::stop, Sound::nasal};
  constexpr std::array<Sound, 3> kVowels{Sound::aa, Sound::i, Sound::u};
  std::minstd_rand random(static_cast<std::uint_fast32_t>(seed));
  std::vector<Sound> sounds;
  for (int i = 0; i < syllables; ++i) {
    sounds.push_back(kConsonants[random() / 7 % 3]);
    sounds.push_back(kVowels[random() / 7 % 3]);
  }
  return sounds;
}

double likeness_of(const std::vector<Sound>& said, const std::vector<Sound>& expected,
                   std::uint32_t rate = 22'050) {
  return likeness(loudness(testing::spoken(said, rate)), expected).value_or(-1);
}

TEST(Likeness, TellsTheRightSoundsFromOthers) {
  for (int seed = 1; seed <= 8; ++seed) {
    const double own = likeness_of(words(seed), words(seed));
    const double other = likeness_of(words(seed + 100), words(seed));
    EXPECT_GT(own, 0.15) << seed;
    EXPECT_LT(other, 0.8 / std::sqrt(60)) << seed;
  }
}

TEST(Likeness, IsTheSameAtAnyRateAndLevel) {
  const double usual = likeness_of(words(3), words(3));
  EXPECT_NEAR(likeness_of(words(3), words(3), 44'100), usual, 0.05);
  Pcm soft = testing::spoken(words(3));
  for (auto& sample : soft.samples) sample = static_cast<std::int16_t>(sample / 8);
  EXPECT_NEAR(likeness(loudness(soft), words(3)).value_or(-1), usual, 0.03);
}

TEST(Likeness, DoesNotMindPauses) {
  const auto said = words(5);
  Pcm pcm = testing::spoken({said.begin(), said.begin() + 20});
  testing::say(pcm, 0.7, 0);
  const Pcm rest = testing::spoken({said.begin() + 20, said.end()});
  pcm.samples.insert(pcm.samples.end(), rest.samples.begin(), rest.samples.end());
  EXPECT_NEAR(likeness(loudness(pcm), said).value_or(-1), likeness_of(said, said), 0.05);
}

TEST(Likeness, FallsWhenSoundsAreMissing) {
  const auto said = words(6);
  const double own = likeness_of(said, said);
  EXPECT_LT(likeness_of({said.begin(), said.begin() + 40}, said), own / 2);
}

TEST(Likeness, IsNotMeasuredWhereThereIsTooLittle) {
  EXPECT_FALSE(likeness(loudness(testing::spoken(words(1))), {}));
  EXPECT_FALSE(likeness(loudness(testing::spoken(words(1))), words(1, 2)));
  EXPECT_FALSE(likeness({}, words(1)));
  EXPECT_FALSE(likeness(loudness(testing::spoken(words(1, 4))), words(1, 400)));
}

}  // namespace
}  // namespace bhashatts::audio
