// Another voice in place of the first one, until that is back.
#include <gmock/gmock.h>

#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

class FallbackTest : public EngineTest {
 protected:
  FallbackTest() {
    second = std::make_shared<FakeSynthesizer>(FakeVoice{.identity = "fake/second@1"});
    parts.fallbacks = {second};
  }
  void break_first(int calls = 1) {
    voice->fail_next(Error(ErrorCode::unreachable, "nobody there"), calls);
  }

  std::shared_ptr<FakeSynthesizer> second;
};

TEST_F(FallbackTest, SpeaksInPlaceOfTheFirstVoiceAndIsMarked) {
  TtsEngine engine = open();
  break_first();
  const Speech speech = engine.synthesize({.text = kText});
  EXPECT_TRUE(speech.fallback());
  EXPECT_EQ(speech.metadata().synthesizer, "fake/second@1");
  EXPECT_EQ(speech.origin(), Origin::synthesized);
  EXPECT_EQ(second->calls(), 1);
}

TEST_F(FallbackTest, IsNeverKeptUnderTheFirstVoicesKey) {
  TtsEngine engine = open();
  break_first();
  const Speech stopgap = engine.synthesize({.text = kText});
  const Speech real = engine.synthesize({.text = kText});
  EXPECT_FALSE(real.fallback());
  EXPECT_EQ(real.origin(), Origin::synthesized);
  EXPECT_NE(real.cache_key(), stopgap.cache_key());
}

TEST_F(FallbackTest, GivesWayAtTheNextRequestAlsoOnAPage) {
  TtsEngine engine = open();
  const SpeechRequest page{.text = kText, .story_id = "moon", .page_number = 1};
  break_first();
  engine.synthesize(page);
  const auto stopgap = engine.story_page_url("moon", 1);
  engine.synthesize(page);
  const auto real = engine.story_page_url("moon", 1);
  ASSERT_TRUE(stopgap && real);
  EXPECT_NE(*stopgap, *real);
}

TEST_F(FallbackTest, IsServedFromWhatIsKeptWhileTheFirstVoiceIsAway) {
  TtsEngine engine = open();
  break_first(2);
  engine.synthesize({.text = kText});
  const Speech again = engine.synthesize({.text = kText});
  EXPECT_TRUE(again.fallback());
  EXPECT_TRUE(again.cached());
  EXPECT_EQ(second->calls(), 1);
  EXPECT_TRUE(engine.lookup({.text = kText})->fallback());
}

TEST_F(FallbackTest, IsNotAskedWhereTheCallerWantsTheFirstVoiceOnly) {
  TtsEngine engine = open();
  break_first();
  const SpeechRequest strict{.text = kText, .allow_fallback = false};
  EXPECT_EQ(code_of([&] { engine.synthesize(strict); }), ErrorCode::unreachable);
  EXPECT_FALSE(engine.lookup(strict).has_value());
  EXPECT_EQ(second->calls(), 0);
}

TEST_F(FallbackTest, TellsTheFirstVoicesErrorWhereNobodySpeaks) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::credits_exhausted, "no credits"));
  second->fail_next(Error(ErrorCode::not_configured, "not installed"));
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = kText}); }), ErrorCode::credits_exhausted);
}

TEST_F(FallbackTest, DoesNotMendTheCallersOwnMistakes) {
  TtsEngine engine = open();
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = " "}); }), ErrorCode::text_empty);
  EXPECT_EQ(second->calls(), 0);
}

TEST_F(FallbackTest, DoesNotSpeakForACallerWhoCannotWait) {
  TtsEngine engine = open();
  voice->hold();
  const SpeechRequest hasty{.text = kText, .timeout = std::chrono::milliseconds(0)};
  EXPECT_EQ(code_of([&] { engine.synthesize(hasty); }), ErrorCode::deadline_exceeded);
  EXPECT_EQ(second->calls(), 0);
  voice->release();
}

TEST_F(FallbackTest, SpeaksInPlaceOfAVoiceThatHangs) {
  TtsEngine engine = open();
  voice->hold();
  const Speech speech =
      engine.synthesize({.text = kText, .timeout = std::chrono::milliseconds(900)});
  EXPECT_TRUE(speech.fallback());
  voice->release();
}

TEST_F(FallbackTest, OfTheSameVoiceByAnotherWayIsNone) {
  second = std::make_shared<FakeSynthesizer>();
  parts.fallbacks = {second};
  TtsEngine engine = open();
  break_first();
  EXPECT_FALSE(engine.synthesize({.text = kText}).fallback());
  EXPECT_EQ(second->calls(), 1);
}

TEST_F(FallbackTest, IsNotPrewarmed) {
  TtsEngine engine = open();
  break_first(9);
  const std::vector<Story> stories{
      {.story_id = "moon", .title = "", .language = "HINDI", .pages = {std::string(kText)}}};
  EXPECT_EQ(engine.prewarm(stories).pages_failed, 1);
  EXPECT_EQ(second->calls(), 0);
}

TEST_F(FallbackTest, MakesAVoiceThatIsAwayDegradedRatherThanUnhealthy) {
  voice->set_status({.state = SynthesizerState::unreachable, .message = "nobody there"});
  const Status with = open().status();
  EXPECT_EQ(with.health, Health::degraded);
  ASSERT_EQ(with.fallbacks.size(), 1U);
  EXPECT_EQ(with.fallbacks[0].identity, "fake/second@1");
  parts.fallbacks.clear();
  EXPECT_EQ(open().status().health, Health::unhealthy);
}

TEST_F(FallbackTest, ManyVoicesAreAskedInOrder) {
  const auto third = std::make_shared<FakeSynthesizer>(FakeVoice{.identity = "fake/third@1"});
  parts.fallbacks.push_back(third);
  TtsEngine engine = open();
  break_first();
  second->fail_next(Error(ErrorCode::rate_limited, "later", true));
  EXPECT_EQ(engine.synthesize({.text = kText}).metadata().synthesizer, "fake/third@1");
}

}  // namespace
}  // namespace bhashatts::testing
