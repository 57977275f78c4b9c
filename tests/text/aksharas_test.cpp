#include "text/aksharas.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "bhashatts/error.h"

namespace bhashatts::text {
namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> all;
  for (const Akshara& one : aksharas(text)) {
    all.emplace_back(text.substr(one.begin, one.end - one.begin));
  }
  return all;
}

using Parts = std::vector<std::string>;

TEST(Aksharas, KeepsAConsonantWithItsVowelSignTogether) {
  EXPECT_EQ(split("राजा"), (Parts{"रा", "जा"}));
  EXPECT_EQ(split("ચકલી"), (Parts{"ચ", "ક", "લી"}));
  EXPECT_EQ(split("ਬਿੱਲੀ"), (Parts{"ਬਿੱ", "ਲੀ"}));
  EXPECT_EQ(split("குருவி"), (Parts{"கு", "ரு", "வி"}));
  EXPECT_EQ(split("పిల్లి"), (Parts{"పి", "ల్లి"}));
  EXPECT_EQ(split("കുരുവി"), (Parts{"കു", "രു", "വി"}));
}

TEST(Aksharas, JoinsConjunctsAsInUnicode15) {
  EXPECT_EQ(split("स्त्री"), (Parts{"स्त्री"}));
  EXPECT_EQ(split("ক্ষমা"), (Parts{"ক্ষ", "মা"}));
  EXPECT_EQ(split("પ્રાણી"), (Parts{"પ્રા", "ણી"}));
  EXPECT_EQ(split("କ୍ଷତି"), (Parts{"କ୍ଷ", "ତି"}));
  EXPECT_EQ(split("క్రొత్త"), (Parts{"క్రొ", "త్త"}));
  EXPECT_EQ(split("സ്ത്രീ"), (Parts{"സ്ത്രീ"}));
}

TEST(Aksharas, JoinsWhatHangsBelowInGurmukhiAndKannada) {
  EXPECT_EQ(split("ਪ੍ਰੀਤ"), (Parts{"ਪ੍ਰੀ", "ਤ"}));
  EXPECT_EQ(split("ಅಕ್ಷರ"), (Parts{"ಅ", "ಕ್ಷ", "ರ"}));
}

TEST(Aksharas, PartsTamilConsonantsAtThePulli) {
  EXPECT_EQ(split("அம்மா"), (Parts{"அ", "ம்", "மா"}));
  EXPECT_DOUBLE_EQ(akshara_weight("அம்மா"), 2.4);
  EXPECT_DOUBLE_EQ(akshara_weight("எறும்பு"), 3.4);
}

TEST(Aksharas, JoinsAcrossZwjAndNuktaButNotAcrossZwnj) {
  EXPECT_EQ(split("क्\u200Dष"), (Parts{"क्\u200Dष"}));
  EXPECT_EQ(split("ड़्ढ"), (Parts{"ड़्ढ"}));
  EXPECT_EQ(split("क\u094D\u200Cष"), (Parts{"क\u094D\u200C", "ष"}));
  EXPECT_EQ(split("क्"), (Parts{"क्"}));
  EXPECT_EQ(split("क् ष"), (Parts{"क्", " ", "ष"}));
}

TEST(Aksharas, WeighsADeadConsonantLess) {
  EXPECT_DOUBLE_EQ(akshara_weight("जगत्"), 2.4);
  EXPECT_DOUBLE_EQ(akshara_weight("അവൻ"), 2.4);  // a chillu
  EXPECT_DOUBLE_EQ(akshara_weight("హేపీబర్త్"), 3.4);
  EXPECT_DOUBLE_EQ(akshara_weight("क\u094D\u200D"), 0.4);
}

TEST(Aksharas, WeighsNothingThatIsNotSpoken) {
  EXPECT_DOUBLE_EQ(akshara_weight(""), 0.0);
  EXPECT_DOUBLE_EQ(akshara_weight(" \n।॥,.?!…—“”()"), 0.0);
  EXPECT_DOUBLE_EQ(akshara_weight("👩‍👩‍👧🇮🇳❤️"), 0.0);
  EXPECT_DOUBLE_EQ(akshara_weight("\u093E\u0941"), 0.0);  // signs without a letter
  EXPECT_EQ(split("👩‍👩‍👧🇮🇳"), (Parts{"👩‍👩‍👧", "🇮🇳"}));
}

TEST(Aksharas, WeighsDigitsAsTheyAreSpoken) {
  EXPECT_DOUBLE_EQ(akshara_weight("5"), kDigitWeight);
  EXPECT_DOUBLE_EQ(akshara_weight("१९४७"), 4 * kDigitWeight);
  EXPECT_DOUBLE_EQ(akshara_weight("௫"), kDigitWeight);
  EXPECT_DOUBLE_EQ(akshara_weight("9:30"), 3 * kDigitWeight);
}

TEST(Aksharas, CountsLatinByGroupsOfVowels) {
  EXPECT_DOUBLE_EQ(akshara_weight("moon"), 1.0);
  EXPECT_DOUBLE_EQ(akshara_weight("Sparrow"), 2.0);
  EXPECT_DOUBLE_EQ(akshara_weight("café au lait"), 4.0);
  EXPECT_DOUBLE_EQ(akshara_weight("TV"), 2.0);  // spelled out
  EXPECT_DOUBLE_EQ(akshara_weight("happy चिड़िया"), 5.0);
}

TEST(Aksharas, CoverTheTextWithoutGaps) {
  for (const std::string text :
       {"एक था राजा। \"क्यों?\"", "ഡും ഡും ഡും", "a\u0301\u0301b👍🏽1", "్్్"}) {
    std::size_t at = 0;
    for (const Akshara& one : aksharas(text)) {
      EXPECT_EQ(one.begin, at);
      EXPECT_GT(one.end, one.begin);
      at = one.end;
    }
    EXPECT_EQ(at, text.size());
  }
}

TEST(Aksharas, RefusesWhatIsNotUtf8) {
  EXPECT_THROW(aksharas("\xE0\xA4"), Error);
  EXPECT_THROW(akshara_weight("a\xFF"), Error);
}

// Each text would be one cluster, one word or one conjunct of all its characters. 2 MB of each:
// work that grew with the square of that would not end.
TEST(Aksharas, AreLinearInWorkOnHostileText) {
  for (const std::string unit :
       {"क्", "\u0941", "x", "़", "\u200D", "🇮", "é", "ä\u0308", "ക്\u200D"}) {
    std::string text;
    while (text.size() < 2'000'000) text += unit;
    std::size_t end = 0;
    AksharaReader reader(text);
    while (const auto one = reader.next()) end = one->end;
    EXPECT_EQ(end, text.size()) << unit;
  }
}

}  // namespace
}  // namespace bhashatts::text
