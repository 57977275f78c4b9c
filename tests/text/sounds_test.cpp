#include "text/sounds.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bhashatts/error.h"

namespace bhashatts::text {
namespace {

using S = Sound;
using Sequence = std::vector<Sound>;

TEST(Sounds, AreReadFromConsonantsAndSigns) {
  EXPECT_EQ(sounds("मेरी"), (Sequence{S::nasal, S::e, S::liquid, S::i}));
  EXPECT_EQ(sounds("કેરી"), (Sequence{S::stop, S::e, S::liquid, S::i}));
  EXPECT_EQ(sounds("మేక"), (Sequence{S::nasal, S::e, S::stop, S::a}));
  EXPECT_EQ(sounds("ஆசை"), (Sequence{S::aa, S::affricate, S::e}));
}

TEST(Sounds, KeepTheLastAOfAWordWhereItIsSpoken) {
  EXPECT_EQ(sounds("घर"), (Sequence{S::voiced_stop, S::a, S::liquid}));
  EXPECT_EQ(sounds("ਘਰ ਨ"), (Sequence{S::voiced_stop, S::a, S::liquid, S::nasal}));
  EXPECT_EQ(sounds("പല"), (Sequence{S::stop, S::a, S::liquid, S::a}));
}

TEST(Sounds, HaveNoVowelBehindAVirama) {
  EXPECT_EQ(sounds("स्त्री"), (Sequence{S::sibilant, S::stop, S::liquid, S::i}));
  EXPECT_EQ(sounds("அம்மா"), (Sequence{S::a, S::nasal, S::nasal, S::aa}));
  EXPECT_EQ(sounds("हंस"), (Sequence{S::h, S::a, S::nasal, S::sibilant}));
}

TEST(Sounds, FollowMalayalamsOwnReading) {
  EXPECT_EQ(sounds("ഒറ്റ"), (Sequence{S::o, S::stop, S::stop, S::a}));
  EXPECT_EQ(sounds("എന്റെ"), (Sequence{S::e, S::nasal, S::voiced_stop, S::e}));
  EXPECT_EQ(sounds("അവൻ"), (Sequence{S::a, S::v, S::a, S::nasal}));
  EXPECT_EQ(sounds("അകലെ"), (Sequence{S::a, S::voiced_stop, S::a, S::liquid, S::e}));
  EXPECT_EQ(sounds("അക്കരെ")[1], S::stop);
}

TEST(Sounds, AreGuessedForDigitsAndLatin) {
  EXPECT_EQ(sounds("sun"), (Sequence{S::sibilant, S::u, S::nasal}));
  EXPECT_EQ(sounds("12").size(), 8U);
  EXPECT_EQ(sounds("१२").size(), 8U);
  EXPECT_TRUE(sounds("।, … 👍").empty());
}

TEST(Sounds, BearHostileText) {
  for (const std::string text :
       {"\u094D", "\u0D31", "\u0D4D\u0D31", "ന്", "\u093E\u093E", "\u200D"}) {
    std::string many;
    for (int i = 0; i < 1'000; ++i) many += text;
    EXPECT_LE(sounds(many).size(), many.size());
  }
  EXPECT_THROW(sounds("\xE0"), Error);
}

}  // namespace
}  // namespace bhashatts::text
