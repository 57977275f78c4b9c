#include "text/script.h"

#include <gtest/gtest.h>

namespace bhashatts::text {
namespace {

TEST(Script, OfIndianLettersIsTheirBlock) {
  EXPECT_EQ(script_of(U'क'), Script::devanagari);
  EXPECT_EQ(script_of(U'ক'), Script::bengali);
  EXPECT_EQ(script_of(U'ਕ'), Script::gurmukhi);
  EXPECT_EQ(script_of(U'ક'), Script::gujarati);
  EXPECT_EQ(script_of(U'କ'), Script::odia);
  EXPECT_EQ(script_of(U'க'), Script::tamil);
  EXPECT_EQ(script_of(U'క'), Script::telugu);
  EXPECT_EQ(script_of(U'ಕ'), Script::kannada);
  EXPECT_EQ(script_of(U'ക'), Script::malayalam);
  EXPECT_EQ(script_of(U'ක'), Script::sinhala);
}

TEST(Script, OfMarksAndDigitsOfAScriptIsThatScript) {
  EXPECT_EQ(script_of(0x094D), Script::devanagari);
  EXPECT_EQ(script_of(U'५'), Script::devanagari);
  EXPECT_TRUE(is_indic(script_of(0x0D4D)));
}

TEST(Script, OfWhatAllScriptsShareIsCommon) {
  for (const char32_t c : {U'।', U'॥', U'5', U' ', U'|', U'“', U'\u200D', U'\u0301', U'😀'}) {
    EXPECT_EQ(script_of(c), Script::common);
  }
  EXPECT_FALSE(is_indic(Script::common));
}

TEST(Script, OfOtherLettersIsLatinOrOther) {
  EXPECT_EQ(script_of(U'a'), Script::latin);
  EXPECT_EQ(script_of(U'é'), Script::latin);
  EXPECT_EQ(script_of(U'ſ'), Script::latin);
  EXPECT_EQ(script_of(U'я'), Script::other);
  EXPECT_EQ(script_of(U'ب'), Script::other);
  EXPECT_FALSE(is_indic(Script::other));
}

}  // namespace
}  // namespace bhashatts::text
