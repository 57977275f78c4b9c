// The observer: everything at least once, in order, with all its fields.
#include <functional>
#include <span>
#include <utility>

#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

class EventsTest : public EngineTest {
 protected:
  EventsTest() { parts.event_sinks.push_back(sink); }
  std::shared_ptr<RecordingSink> sink = std::make_shared<RecordingSink>();
};

struct AskingSink : EventSink {
  std::function<void()> ask;
  std::string name() const override { return "asking"; }
  void deliver(std::span<const Event>) override {
    if (const auto once = std::exchange(ask, nullptr)) once();
  }
};

// What waits until all is delivered would wait for itself.
TEST_F(EventsTest, AnObserverMayAskTheEngineThatCallsIt) {
  const auto asking = std::make_shared<AskingSink>();
  parts.event_sinks.push_back(asking);
  TtsEngine engine = open();
  std::int64_t entries = -1;
  asking->ask = [&] {
    engine.flush();
    entries = engine.stats().total_entries;
    engine.forget_user("asha");
    engine.clear({});
  };
  engine.synthesize({.text = kText, .user_id = "asha"});
  engine.flush();
  EXPECT_EQ(entries, 1);
}

TEST_F(EventsTest, TwoObserversOfOneNameAreRefused) {
  parts.event_sinks.push_back(std::make_shared<RecordingSink>());
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::bad_request);
  parts.event_sinks.back() = nullptr;
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::bad_request);
}

TEST_F(EventsTest, AMissAndAHitLeaveTheirUsage) {
  TtsEngine engine = open();
  const Speech speech = engine.synthesize({.text = kText, .user_id = "asha"});
  for (int i = 0; i < 3; ++i) engine.synthesize({.text = kText, .user_id = "asha"});
  engine.flush();
  std::int64_t made = 0;
  std::int64_t hits = 0;
  for (const Event& event : sink->kept(EventKind::usage)) {
    ASSERT_TRUE(event.usage);
    EXPECT_EQ(event.usage->user_id, "asha");
    EXPECT_EQ(event.usage->speech_key, speech.cache_key());
    EXPECT_EQ(event.usage->language, "HINDI");
    EXPECT_EQ(event.usage->voice_style, "storyteller");
    EXPECT_EQ(event.usage->text_length, 28);
    EXPECT_EQ(event.usage->was_cached, event.usage->status == UsageStatus::cached);
    (event.usage->was_cached ? hits : made) += event.usage->requests;
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(hits, 3);
}

TEST_F(EventsTest, WhatIsStoredIsToldWithItsRecord) {
  TtsEngine engine = open();
  const Speech speech = engine.synthesize({.text = kText, .story_id = "moon", .page_number = 2});
  engine.flush();
  const auto stored = sink->kept(EventKind::speech_stored);
  ASSERT_FALSE(stored.empty());
  EXPECT_EQ(stored.front().speech->metadata, speech.metadata());
  EXPECT_EQ(stored.front().speech->text, kText);
  EXPECT_EQ(stored.back().speech->story_id, "moon");
  EXPECT_EQ(stored.back().speech->page_number, 2);
}

TEST_F(EventsTest, WhatWasRefusedIsDeliveredAgain) {
  sink->refuse_next(2);
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  for (int i = 0; i < 3; ++i) engine.flush();
  ASSERT_FALSE(sink->kept().empty());
  EXPECT_GT(sink->seen().size(), sink->kept().size());
  EXPECT_EQ(sink->kept(EventKind::speech_stored).size(), 1U);
}

TEST_F(EventsTest, WhatWasRefusedIsDeliveredToTheNextEngine) {
  sink->refuse_next(1'000'000);
  open().synthesize({.text = kText});
  ASSERT_TRUE(sink->kept().empty());
  sink->refuse_next(0);
  open().flush();
  EXPECT_EQ(sink->kept(EventKind::speech_stored).size(), 1U);
}

TEST_F(EventsTest, AcceptedEventsComeOnceAndAscend) {
  for (int i = 0; i < 3; ++i) {
    TtsEngine engine = open();
    engine.synthesize({.text = "पन्ना " + std::to_string(i)});
    engine.flush();
  }
  std::uint64_t last = 0;
  for (const Event& event : sink->kept()) {
    EXPECT_GT(event.id, last);
    last = event.id;
  }
  EXPECT_EQ(sink->kept(EventKind::speech_stored).size(), 3U);
}

TEST_F(EventsTest, EachObserverHasItsOwnCursor) {
  sink->refuse_next(1'000'000);
  const auto second = std::make_shared<RecordingSink>("second");
  parts.event_sinks.push_back(second);
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  engine.flush();
  EXPECT_TRUE(sink->kept().empty());
  EXPECT_EQ(second->kept(EventKind::speech_stored).size(), 1U);
}

TEST_F(EventsTest, AFailureIsToldWithItsMessage) {
  voice->fail_next(Error(ErrorCode::upstream_failed, "the voice is hoarse"));
  TtsEngine engine = open();
  code_of([&] { engine.synthesize({.text = kText, .user_id = "asha"}); });
  engine.flush();
  const auto usage = sink->kept(EventKind::usage);
  ASSERT_EQ(usage.size(), 1U);
  EXPECT_EQ(usage[0].usage->status, UsageStatus::error);
  EXPECT_EQ(usage[0].usage->error_message, "the voice is hoarse");
  EXPECT_EQ(usage[0].usage->origin, "");
}

TEST_F(EventsTest, WhatGoesIsToldWithoutItsText) {
  TtsEngine engine = open();
  const Speech speech = engine.synthesize({.text = kText});
  engine.reject({.text = kText});
  engine.flush();
  const auto removed = sink->kept(EventKind::speech_removed);
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_EQ(removed[0].speech->metadata.key, speech.cache_key());
  EXPECT_EQ(removed[0].speech->text, "");
}

TEST_F(EventsTest, ClosingDeliversWhatIsOwed) {
  {
    TtsEngine engine = open();
    engine.synthesize({.text = kText, .user_id = "asha"});
    engine.close();
  }
  EXPECT_EQ(sink->kept(EventKind::usage).size(), 1U);
}

}  // namespace
}  // namespace bhashatts::testing
