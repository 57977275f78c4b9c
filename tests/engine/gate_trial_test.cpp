// Our own sample stories, spoken by espeak-ng, whole and damaged. There are few, so each is taken
// apart into all its passages.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bhashatts/stories.h"
#include "bhashatts/text.h"
#include "tests/support/gate_trial.h"

namespace bhashatts::testing {
namespace {

using Passages = std::map<std::string, std::vector<std::string>>;

std::vector<std::string> sentences_of(const std::string& page) {
  std::vector<std::string> sentences(1);
  for (std::size_t i = 0; i < page.size(); ++i) {
    sentences.back() += page[i] == '\n' ? ' ' : page[i];
    const bool danda = sentences.back().ends_with("।");
    const bool stop = page[i] == '.' || page[i] == '!' || page[i] == '?';
    if ((danda || stop) && page.substr(i + 1, 1) == " ") sentences.emplace_back();
  }
  return sentences;
}

// Every run of one to four sentences of a story.
std::vector<std::string> passages_of(const Story& story) {
  std::vector<std::string> sentences;
  for (const std::string& page : story.pages) {
    for (std::string& sentence : sentences_of(spoken_text(page))) {
      sentences.push_back(std::move(sentence));
    }
  }
  std::vector<std::string> passages;
  for (std::size_t begin = 0; begin < sentences.size(); ++begin) {
    std::string passage;
    for (std::size_t i = begin; i < std::min(begin + 4, sentences.size()); ++i) {
      passage += sentences[i] + ' ';
      passages.push_back(spoken_text(passage));
    }
  }
  return passages;
}

Passages read_passages() {
  Passages passages;
  std::ifstream in(BHASHATTS_EXAMPLES "/stories.jsonl");
  for (const Story& story : read_stories(in)) passages[story.language] = passages_of(story);
  return passages;
}

TEST(GateTrial, AcceptsOurStoriesAndRefusesThemDamaged) {
  const Passages passages = read_passages();
  EXPECT_EQ(passages.size(), 6U);
  for (const auto& [language, texts] : passages) {
    ASSERT_GE(texts.size(), 30U) << language;
    const GateTrial trial = try_gate(language, texts, 8);
    EXPECT_EQ(trial.accepted, trial.pages) << ::testing::PrintToString(trial.refusals);
    EXPECT_EQ(trial.accepted_cold, trial.pages) << language;
    EXPECT_GE(trial.refused_in_all(), trial.pages * static_cast<int>(kDamages) * 95 / 100)
        << language << ::testing::PrintToString(trial.refused);
  }
}

}  // namespace
}  // namespace bhashatts::testing
