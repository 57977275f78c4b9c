#include "text/speech_parts.h"

#include <gtest/gtest.h>

#include "text/aksharas.h"

namespace bhashatts::text {
namespace {

double count(std::string_view text, SpeechPart which) { return part(speech_parts(text), which); }

TEST(SpeechParts, CountSentencesAndClausesBetweenWords) {
  EXPECT_EQ(count("एक था राजा। उसकी एक बेटी थी।", SpeechPart::sentences), 2);
  EXPECT_EQ(count("कौन? मैं!", SpeechPart::sentences), 2);
  EXPECT_EQ(count("अच्छा... फिर", SpeechPart::sentences), 1);
  EXPECT_EQ(count("सेब, आम और केला", SpeechPart::clauses), 1);
  EXPECT_EQ(count("सेब, आम और केला", SpeechPart::words), 2);
}

TEST(SpeechParts, TakeAGapForOnePauseHoweverItIsWritten) {
  EXPECT_EQ(count("“डरो मत,” चिन्नी", SpeechPart::clauses), 1);
  EXPECT_EQ(count("रुको!!! – “क्यों?”", SpeechPart::sentences), 2);
  EXPECT_EQ(count("रुको!!! – “क्यों?”", SpeechPart::clauses), 0);
}

TEST(SpeechParts, DoNotPauseWithinAWord) {
  EXPECT_EQ(count("धीरे-धीरे", SpeechPart::clauses), 0);
  EXPECT_EQ(count("3.14", SpeechPart::sentences), 0);
  EXPECT_EQ(count("don't", SpeechPart::clauses), 0);
  EXPECT_EQ(count("क्\u200Dयों", SpeechPart::words), 0);
}

TEST(SpeechParts, CountLinesAndParagraphs) {
  EXPECT_EQ(count("चंदा मामा\nदूर के", SpeechPart::lines), 1);
  EXPECT_EQ(count("एक।\n\nदो।", SpeechPart::lines), 2);
  EXPECT_EQ(count("एक।\n\nदो।", SpeechPart::sentences), 2);
}

TEST(SpeechParts, WeighTheTextAsAksharas) {
  EXPECT_EQ(count("राजा", SpeechPart::aksharas), akshara_weight("राजा"));
  EXPECT_EQ(count("राजा", SpeechPart::long_vowels), 2);
  EXPECT_EQ(count("", SpeechPart::edges), 1);
  EXPECT_GT(weighed(speech_parts("एक था राजा।"), kUsualWeights),
            weighed(speech_parts("एक था"), kUsualWeights));
}

}  // namespace
}  // namespace bhashatts::text
