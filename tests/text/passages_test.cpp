// The splitter against what people would do: every passage is split exactly where it is marked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "bhashatts/text.h"
#include "tests/text/passages.h"
#include "text/abbreviations.h"

namespace bhashatts {
namespace {

using testing::all_passages;
using testing::marked;
using testing::Passage;
using text::utterances;

std::string split(const Passage& passage) {
  return marked(utterances(passage.text, {.language = passage.language, .most = passage.most}));
}

TEST(Passages, AreSplitExactlyAsMarked) {
  for (const Passage& passage : all_passages()) {
    EXPECT_EQ(split(passage), passage.marked) << passage.language << ", " << passage.kind;
  }
}

TEST(Passages, AreSpokenTextsAlready) {
  for (const Passage& passage : all_passages()) EXPECT_EQ(spoken_text(passage.text), passage.text);
}

TEST(Passages, AreAtLeastTwentyALanguageAndOfEveryKind) {
  std::map<std::string, std::set<std::string>> kinds;
  std::map<std::string, int> number;
  std::set<std::string> all;
  for (const Passage& passage : all_passages()) {
    kinds[passage.language].insert(passage.kind);
    all.insert(passage.kind);
    ++number[passage.language];
  }
  EXPECT_EQ(number.size(), 6U);
  EXPECT_GE(all.size(), 20U);
  for (const auto& [language, have] : kinds) EXPECT_EQ(have, all) << language;
  for (const auto& [language, have] : number) EXPECT_GE(have, 20) << language;
}

TEST(Passages, HaveEveryListedAbbreviationOfTheirLanguage) {
  std::map<std::string, std::string> texts;
  for (const Passage& passage : all_passages()) {
    texts[passage.language] += " " + passage.text;
    texts["ENGLISH"] += " " + passage.text;
  }
  for (const auto& [language, text] : texts) {
    for (const std::string_view word : text::listed_abbreviations(language)) {
      const std::string behind_blank = " " + std::string(word) + ".";
      const std::string in_chain = "." + std::string(word) + ".";
      EXPECT_TRUE(text.find(behind_blank) != std::string::npos ||
                  text.find(in_chain) != std::string::npos)
          << language << " " << word;
    }
  }
}

TEST(Passages, OfFourSentencesComeOutAsFour) {
  int paragraphs = 0;
  for (const Passage& passage : all_passages()) {
    if (passage.kind != "four sentences") continue;
    ++paragraphs;
    EXPECT_EQ(utterances(passage.text, {.language = passage.language}).size(), 4U);
  }
  EXPECT_GE(paragraphs, 6);
}

}  // namespace
}  // namespace bhashatts
