#include <gtest/gtest.h>

#include <string>

#include "bhashatts/text.h"

namespace bhashatts {
namespace {

TEST(SpokenText, FoldsChilluSpellingsToOne) {
  EXPECT_EQ(spoken_text("അവന്\u200D"), "അവൻ");
  EXPECT_EQ(spoken_text("കണ്\u200D അവര്\u200D പാല്\u200D അവള്\u200D വാക്\u200D"), "കൺ അവർ പാൽ അവൾ വാൿ");
  EXPECT_EQ(spoken_text("ജന്\u200Dമം"), "ജൻമം");
  EXPECT_EQ(spoken_text("മ്\u200D"), "മ്\u200D");  // no chillu is made of it
}

TEST(SpokenText, FoldsTheSpellingsOfNtaToOne) {
  for (const char* text : {"എന്\u200Dറെ", "എൻ്റെ", "എന്റെ", "എന്\u200D്റെ"}) {
    EXPECT_EQ(spoken_text(text), "എന്റെ");
  }
  EXPECT_EQ(spoken_text("അവന്\u200Dറ"), "അവന്റ");
}

TEST(SpokenText, LeavesNraAndTheTtaClusterAlone) {
  EXPECT_EQ(spoken_text("ഹെൻറി"), "ഹെൻറി");
  EXPECT_EQ(spoken_text("എന്\u200Dറ്റെ"), "എൻറ്റെ");
  EXPECT_EQ(spoken_text("എൻ്റ്റെ"), "എൻ്റ്റെ");
}

TEST(SpokenText, DropsJoinersAfterAViramaWhereTheyOnlyPickAShape) {
  EXPECT_EQ(spoken_text("लड्\u200Cडू आश्\u200Dचर्य"), "लड्डू आश्चर्य");
  EXPECT_EQ(spoken_text("ક્\u200Dષ ક્\u200Cષ"), "ક્ષ ક્ષ");
  EXPECT_EQ(spoken_text("క్\u200Cష రాజ్\u200C"), "క్ష రాజ్");
  // Also where a mark stands between the two, in either order before NFC.
  EXPECT_EQ(spoken_text("क\u094D\u093C\u200Dष"), "क\u093C\u094Dष");
}

TEST(SpokenText, KeepsJoinersAfterOtherViramas) {
  for (const char* text :
       {"അവന്\u200C", "ക്\u200Cഷ", "க்\u200Cஷ", "ক্\u200Dষ", "ত্\u200D", "ਕ੍\u200Dਰ", "ಕ್\u200Dಷ"}) {
    EXPECT_EQ(spoken_text(text), text);
  }
}

TEST(SpokenText, KeepsJoinersThatJoinVisibleCharacters) {
  for (const char* text : {"👩\u200D👧", "می\u200Cخواهم", "र\u200D्य"}) {
    EXPECT_EQ(spoken_text(text), text);
  }
}

TEST(SpokenText, DropsJoinersThatJoinNothing) {
  EXPECT_EQ(spoken_text("\u200Dकल \u200Cकल\u200D \nकल\u200D"), "कल कल\nकल");
  EXPECT_EQ(spoken_text("👩\u200D\u200D\u200C👧"), "👩\u200D👧");
  EXPECT_EQ(spoken_text("ക്\u200C\u200C\u200Dഷ"), "ക്\u200Cഷ");
}

TEST(SpokenText, ABarThatEndsAnIndicSentenceIsADanda) {
  EXPECT_EQ(spoken_text("सूर ने कहा|\nकल"), "सूर ने कहा।\nकल");
  EXPECT_EQ(spoken_text("ਭੱਜਦੀ |"), "ਭੱਜਦੀ ।");
  EXPECT_EQ(spoken_text("वह गया | \"राम आया|\""), "वह गया । \"राम आया।\"");
  EXPECT_EQ(spoken_text("कक्षा 5 | अब"), "कक्षा 5 । अब");
}

TEST(SpokenText, ABarBesideLatinStaysABar) {
  for (const char* text : {"a | b", "a|", "|", "क | b", "a | क", "| क", "क = |x|", "5 | 6"}) {
    EXPECT_EQ(spoken_text(text), text);
  }
  EXPECT_EQ(spoken_text("a |\nक |\n| b"), "a |\nक ।\n| b");
}

TEST(SpokenText, TwoDandasOrBarsAreADoubleDanda) {
  EXPECT_EQ(spoken_text("राम।।"), "राम॥");
  EXPECT_EQ(spoken_text("राम||\nसीता|।"), "राम॥\nसीता॥");
  EXPECT_EQ(spoken_text("राम।।।"), "राम॥।");
  EXPECT_EQ(spoken_text("राम। ।"), "राम। ।");
  EXPECT_EQ(spoken_text("a || b"), "a || b");
}

}  // namespace
}  // namespace bhashatts
