#include "net/event_stream.h"

#include <gtest/gtest.h>

#include <vector>

#include "bhashatts/error.h"

namespace bhashatts::net {
namespace {

// Each event as "name|data", fed in pieces of `size` bytes.
std::vector<std::string> events(std::string_view text, std::size_t size = 1'000) {
  std::vector<std::string> heard;
  EventStream stream([&](const ServerEvent& event) {
    heard.push_back(event.event + "|" + event.data);
    return true;
  });
  for (std::size_t at = 0; at < text.size(); at += size) stream.feed(text.substr(at, size));
  return heard;
}

using Events = std::vector<std::string>;

TEST(EventStream, ReadsNamedAndUnnamedEvents) {
  EXPECT_EQ(events("event: complete\ndata: [1]\n\ndata: x\n\n"),
            (Events{"complete|[1]", "message|x"}));
}

TEST(EventStream, JoinsLinesOfData) {
  EXPECT_EQ(events("data: a\ndata: b\ndata:\ndata\n\n"), Events{"message|a\nb\n\n"});
}

TEST(EventStream, TakesOneBlankAwayAfterTheColon) {
  EXPECT_EQ(events("data:a\n\ndata:  b\n\nevent:\ndata: c:d\n\n"),
            (Events{"message|a", "message| b", "message|c:d"}));
}

TEST(EventStream, IgnoresWhatItDoesNotKnow) {
  EXPECT_EQ(events(": a comment\nid: 7\nretry: 10\nother: x\nDATA: no\ndata: y\n\n"),
            Events{"message|y"});
}

TEST(EventStream, PassesOverEventsWithoutData) {
  EXPECT_EQ(events("event: heartbeat\n\n\n\ndata: x\n\n"), Events{"message|x"});
}

TEST(EventStream, NeverSeesAnEventThatDoesNotEnd) {
  EXPECT_EQ(events("data: a\n\ndata: cut off"), Events{"message|a"});
  EXPECT_EQ(events("data: a\n\ndata: cut off\n"), Events{"message|a"});
}

TEST(EventStream, KnowsEveryLineEndHoweverItIsCut) {
  const std::string text =
      "\xEF\xBB\xBF"
      "event: e\r\ndata: 1\rdata: 2\ndata: 3\r\n\r\ndata: 4\r\r";
  const Events all{"e|1\n2\n3", "message|4"};
  for (std::size_t size = 1; size <= text.size(); ++size)
    EXPECT_EQ(events(text, size), all) << size;
}

TEST(EventStream, TakesABomAwayOnlyAtTheStart) {
  EXPECT_EQ(events("\xEF\xBB\xBF"
                   "data: a\n\n\xEF\xBB\xBF"
                   "data: b\n\n"),
            Events{"message|a"});
}

TEST(EventStream, EndsWhenNobodyWantsMore) {
  int heard = 0;
  EventStream stream([&](const ServerEvent&) { return ++heard < 2; });
  EXPECT_TRUE(stream.feed("data: 1\n\n"));
  EXPECT_FALSE(stream.feed("data: 2\n\ndata: 3\n\n"));
  EXPECT_FALSE(stream.feed("data: 4\n\n"));
  EXPECT_EQ(heard, 2);
}

TEST(EventStream, BearsNoEventWithoutEnd) {
  const auto feed_all = [](std::string_view piece) {
    EventStream stream([](const ServerEvent&) { return true; }, 1'000);
    for (int i = 0; i < 1'001; ++i) stream.feed(piece);
  };
  for (const char* piece : {"x", "data: x\n", "data\n"}) {
    try {
      feed_all(piece);
      ADD_FAILURE() << piece;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::upstream_failed);
    }
  }
  feed_all("data: x\n\n");
  feed_all(": a comment\n");
}

}  // namespace
}  // namespace bhashatts::net
