// Our own sample stories, each page by itself and each story as one page, spoken by espeak-ng and
// heard as a listener does.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "bhashatts/stories.h"
#include "tests/support/page_trial.h"

namespace bhashatts::testing {
namespace {

std::vector<Story> stories() {
  std::ifstream in(BHASHATTS_EXAMPLES "/stories.jsonl");
  return read_stories(in);
}

// As an editor would send it: other line ends, blanks around it, and an emoji, which is two units
// of UTF-16 and takes no time to say.
std::string as_one_page(const Story& story) {
  std::string page = "  " + story.title + " \xF0\x9F\x90\xA6\r\n";
  for (const std::string& one : story.pages) page += one + "\r\n\r\n";
  return page;
}

TEST(PageTrial, EachPageOfOurStoriesIsHeardWhole) {
  PageTrial trial;
  for (const Story& story : stories()) {
    for (const std::string& page : story.pages) {
      const PageFindings findings = trial.hear(story.language, page);
      EXPECT_EQ(findings.faults, std::vector<std::string>{}) << page;
      EXPECT_EQ(findings.syntheses, findings.utterances) << page;
    }
  }
}

TEST(PageTrial, SoIsAWholeStoryAtOnce) {
  PageTrial trial;
  for (const Story& story : stories()) {
    const PageFindings findings = trial.hear(story.language, as_one_page(story));
    EXPECT_EQ(findings.faults, std::vector<std::string>{}) << story.title;
    EXPECT_GE(findings.utterances, 8U) << story.title;
    EXPECT_LT(findings.step_beside, 1) << "held against the softer neighbour alone";
  }
}

TEST(PageTrial, APageInAnotherOrderCostsNothing) {
  PageTrial trial;
  const Story story = stories().front();
  trial.hear(story.language, story.pages[0] + "\n\n" + story.pages[1]);
  const PageFindings findings =
      trial.hear(story.language, story.pages[1] + "\n\n" + story.pages[0]);
  EXPECT_EQ(findings.faults, std::vector<std::string>{});
  EXPECT_EQ(findings.syntheses, 0U);
}

}  // namespace
}  // namespace bhashatts::testing
