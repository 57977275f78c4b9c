#include "bhashatts/stories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/raised.h"

namespace bhashatts {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::raised;

constexpr const char* kStory =
    R"({"story_id":"1","title":"क","language":"HINDI","pages":["एक","दो"]})";

std::vector<Story> read(const std::string& text) {
  std::istringstream in(text);
  return read_stories(in);
}

std::string refusal(const std::string& text) {
  return raised(ErrorCode::stories_invalid, [&] { read(text); });
}

TEST(Stories, AreReadOneALine) {
  const auto stories = read(std::string(kStory) + "\r\n\n  \n" + kStory);
  ASSERT_EQ(stories.size(), 2u);
  EXPECT_EQ(stories[0].story_id, "1");
  EXPECT_EQ(stories[0].title, "क");
  EXPECT_EQ(stories[0].language, "HINDI");
  EXPECT_THAT(stories[1].pages, ElementsAre("एक", "दो"));
}

TEST(Stories, AByteOrderMarkMayOnlyBeginTheFile) {
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_EQ(read(mark + kStory).size(), 1u);
  EXPECT_TRUE(read(mark).empty());
  EXPECT_THAT(refusal(std::string(kStory) + "\n" + mark + kStory), HasSubstr("line 2"));
}

TEST(Stories, OtherMembersAreSkippedHoweverDeep) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const auto stories = read(R"({"credits":{"pages":5,"story_id":["x"]},"deep":)" + deep +
                            R"(,"story_id":"1","language":"X","pages":[],"year":1999})");
  ASSERT_EQ(stories.size(), 1u);
  EXPECT_EQ(stories[0].story_id, "1");
  EXPECT_TRUE(stories[0].pages.empty());
}

TEST(Stories, MissingAndMistypedMembersAreNamed) {
  EXPECT_THAT(refusal(R"({"language":"X","pages":[]})"), HasSubstr("\"story_id\" is missing"));
  EXPECT_THAT(refusal(R"({"story_id":"","language":"X","pages":[]})"), HasSubstr("is empty"));
  EXPECT_THAT(refusal(R"({"story_id":7,"language":"X","pages":[]})"),
              HasSubstr("line 1: \"story_id\" must be a string"));
  EXPECT_THAT(refusal(R"({"story_id":"1","language":null,"pages":[]})"), HasSubstr("\"language\""));
  EXPECT_THAT(refusal(R"({"story_id":"1","language":"X","pages":"एक"})"),
              HasSubstr("\"pages\" must be a list of strings"));
  EXPECT_THAT(refusal(R"({"story_id":"1","story_id":"2"})"), HasSubstr("given twice"));
}

TEST(Stories, APageThatIsNoStringIsCounted) {
  for (const char* page : {"5", "null", "true", "[]", "[\"x\"]", "{}"}) {
    const std::string json =
        R"({"story_id":"1","language":"X","pages":["a",)" + std::string(page) + "]}";
    EXPECT_THAT(refusal(json), HasSubstr("page 2 is none")) << page;
  }
}

TEST(Stories, WhatIsNoObjectIsNoStory) {
  for (const char* line : {"[]", "5", "\"x\"", "null", "{} {}", "{", "hello", "{\"a\":1,}"}) {
    EXPECT_THAT(refusal(std::string(kStory) + "\n" + line), HasSubstr("line 2")) << line;
  }
}

TEST(Stories, HostileBytesAreNamedWithTheirLine) {
  const auto with_page = [](const std::string& page) {
    return R"({"story_id":"1","language":"X","pages":[")" + page + "\"]}";
  };
  EXPECT_THAT(refusal(with_page("\xC0\x80")), AllOf(HasSubstr("line 1"), HasSubstr("UTF-8")));
  EXPECT_THAT(refusal(with_page("\xED\xA0\x80")), HasSubstr("UTF-8"));
  EXPECT_THAT(refusal(with_page("\\ud800")), HasSubstr("line 1"));
  EXPECT_THAT(refusal(with_page(std::string(1, '\0'))), HasSubstr("line 1"));
}

TEST(Stories, ALineIsBounded) {
  EXPECT_THAT(refusal("\n" + std::string((16u << 20) + 1, ' ')), HasSubstr("line 2"));
}

TEST(Stories, TheSameIdMayComeTwice) {
  EXPECT_EQ(read(std::string(kStory) + "\n" + kStory).size(), 2u);
}

TEST(Stories, AStreamThatCannotBeReadIsAnError) {
  std::istringstream in;
  in.setstate(std::ios::failbit);
  EXPECT_THAT(raised(ErrorCode::stories_invalid, [&] { read_stories(in); }),
              HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace bhashatts
