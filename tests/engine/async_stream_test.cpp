// Pages, utterance by utterance, without a thread that waits.
#include "tests/engine/engine_fixture.h"
#include "tests/support/heard.h"

namespace bhashatts::testing {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kOne = "मोर ने नदी के किनारे मीठा गीत गाया।";
constexpr std::string_view kTwo = "बंदर ने नदी के किनारे ऊँचा गीत गाया।";
constexpr std::string_view kThree = "तोता ने नदी के किनारे प्यारा गीत गाया।";
const std::string kPage = std::string(kOne) + " " + std::string(kTwo) + " " + std::string(kThree);

std::int64_t requests(TtsEngine& engine, Origin origin) {
  return engine.stats().requests[static_cast<std::size_t>(origin) - 1];
}

class AsyncStreamTest : public EngineTest {
 protected:
  static UtteranceResult ask(SpeechStream& stream) {
    const HeardUtterance heard;
    stream.next_async(heard.ear());
    return heard.await();
  }
  static ErrorCode code(const UtteranceResult& result) {
    return result.error ? result.error->code() : ErrorCode::ok;
  }
};

TEST_F(AsyncStreamTest, GivesTheSentencesInOrderAndKeepsThePage) {
  TtsEngine engine = open();
  SpeechStream stream = engine.stream({.text = kPage});
  for (std::size_t i = 0; i < 3; ++i) {
    const auto piece = ask(stream).utterance;
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->number, i);
    EXPECT_EQ(piece->count, 3U);
    EXPECT_EQ(piece->pause_after_ms > 0, i < 2);
  }
  const UtteranceResult end = ask(stream);
  EXPECT_TRUE(!end.utterance && !end.error);
  EXPECT_TRUE(engine.lookup({.text = kPage}));
  EXPECT_EQ(requests(engine, Origin::synthesized), 1);
  EXPECT_FALSE(ask(stream).utterance) << "and stays at its end";
}

TEST_F(AsyncStreamTest, GivesTheSameAsWithAThread) {
  TtsEngine engine = open();
  SpeechStream with = engine.stream({.text = kPage});
  SpeechStream without = engine.stream({.text = kPage, .format = AudioFormat::wav});
  while (const auto piece = with.next()) {
    const auto same = ask(without).utterance;
    ASSERT_TRUE(same);
    EXPECT_EQ(same->audio.chars(), piece->audio.chars());
    EXPECT_EQ(same->metadata->key, piece->metadata->key);
  }
  EXPECT_FALSE(ask(without).utterance);
  EXPECT_EQ(voice->calls(), 3);
}

TEST_F(AsyncStreamTest, BothWaysMayAlternate) {
  TtsEngine engine = open();
  SpeechStream stream = engine.stream({.text = kPage});
  EXPECT_EQ(stream.next()->number, 0U);
  EXPECT_EQ(ask(stream).utterance->number, 1U);
  EXPECT_EQ(stream.next()->number, 2U);
  EXPECT_FALSE(ask(stream).utterance);
}

TEST_F(AsyncStreamTest, NeverBlocksTheCaller) {
  TtsEngine engine = open();
  voice->hold();
  SpeechStream stream = engine.stream({.text = kPage});
  const HeardUtterance heard;
  stream.next_async(heard.ear());
  EXPECT_EQ(heard.times(), 0);
  EXPECT_EQ(code_of([&] { stream.next_async(heard.ear()); }), ErrorCode::bad_request);
  EXPECT_EQ(code_of([&] { stream.next(); }), ErrorCode::bad_request);
  voice->release();
  EXPECT_EQ(heard.await().utterance->number, 0U);
  EXPECT_NE(heard.thread(), std::this_thread::get_id());
}

TEST_F(AsyncStreamTest, WhoIsToldMayAskForTheNext) {
  TtsEngine engine = open();
  SpeechStream stream = engine.stream({.text = kPage});
  const HeardUtterance heard;
  std::function<void(UtteranceResult)> on = [&](UtteranceResult result) {
    const bool more = result.utterance.has_value();
    if (more) stream.next_async(on);
    heard.ear()(std::move(result));
  };
  stream.next_async(on);
  EXPECT_FALSE(heard.await(4).error);
}

TEST_F(AsyncStreamTest, WhoIsToldMayDestroyTheStream) {
  TtsEngine engine = open();
  auto stream = std::make_unique<SpeechStream>(engine.stream({.text = kPage}));
  const HeardUtterance heard;
  voice->hold();
  stream->next_async([&](UtteranceResult result) {
    stream.reset();
    heard.ear()(std::move(result));
  });
  voice->release();
  EXPECT_TRUE(heard.await().utterance);
  EXPECT_FALSE(stream);
}

TEST_F(AsyncStreamTest, TellsOfAFailureInTheMiddleAndMayBeAskedAgain) {
  TtsEngine engine = open();
  engine.synthesize({.text = kOne});
  engine.synthesize({.text = kTwo});
  voice->fail_next(Error(ErrorCode::upstream_rejected, "no"), 2);
  SpeechStream stream = engine.stream({.text = kPage});
  EXPECT_EQ(ask(stream).utterance->number, 0U);
  EXPECT_EQ(ask(stream).utterance->number, 1U);
  UtteranceResult last = ask(stream);
  if (last.error) {  // else the page's own call took the failure
    EXPECT_EQ(code(last), ErrorCode::upstream_rejected);
    while (!last.utterance) last = ask(stream);
  }
  EXPECT_EQ(last.utterance->number, 2U);
}

TEST_F(AsyncStreamTest, AnotherVoiceTakesOverBeforeTheFirstSentenceOnly) {
  const auto second = std::make_shared<FakeSynthesizer>(FakeVoice{.identity = "fake/second@1"});
  parts.fallbacks = {second};
  voice->fail_next(Error(ErrorCode::unreachable, "nobody there"), 99);
  TtsEngine engine = open();
  SpeechStream stream = engine.stream({.text = kPage});
  while (const auto piece = ask(stream).utterance) {
    EXPECT_EQ(piece->metadata->synthesizer, "fake/second@1");
  }
  EXPECT_EQ(second->calls(), 3);
}

TEST_F(AsyncStreamTest, WhoseTimeIsUpOrWhoStopsIsTold) {
  TtsEngine engine = open();
  voice->hold();
  SpeechStream late = engine.stream({.text = kPage, .timeout = milliseconds(1)});
  EXPECT_EQ(code(ask(late)), ErrorCode::deadline_exceeded);
  std::stop_source stop;
  SpeechStream stopped = engine.stream({.text = kPage, .stop = stop.get_token()});
  const HeardUtterance heard;
  stopped.next_async(heard.ear());
  stop.request_stop();
  EXPECT_EQ(heard.await_code(), ErrorCode::cancelled);
  voice->release();
}

TEST_F(AsyncStreamTest, WithAThreadIsStoppedToo) {
  TtsEngine engine = open();
  voice->hold();
  std::stop_source stop;
  SpeechStream stream = engine.stream({.text = kPage, .stop = stop.get_token()});
  stop.request_stop();
  EXPECT_EQ(code_of([&] { stream.next(); }), ErrorCode::cancelled);
  voice->release();
}

TEST_F(AsyncStreamTest, AListenerWhoGoesAwayIsToldAndLeavesTheWholePage) {
  TtsEngine engine = open();
  voice->hold();
  const HeardUtterance heard;
  {
    SpeechStream stream = engine.stream({.text = kPage});
    stream.next_async(heard.ear());
  }
  EXPECT_EQ(heard.times(), 1);
  EXPECT_EQ(heard.await_code(), ErrorCode::cancelled);
  voice->release();
  while (!engine.lookup({.text = kPage})) std::this_thread::yield();
  EXPECT_EQ(voice->calls(), 3);
}

TEST_F(AsyncStreamTest, ClosingTheEngineTellsWhoWaits) {
  TtsEngine engine = open();
  voice->hold();
  SpeechStream stream = engine.stream({.text = kPage});
  const HeardUtterance heard;
  stream.next_async(heard.ear());
  voice->await_calls(1);
  engine.close(milliseconds(1));
  EXPECT_EQ(heard.times(), 1);
  EXPECT_TRUE(heard.await().error);
  EXPECT_EQ(code(ask(stream)), ErrorCode::closed);
}

}  // namespace
}  // namespace bhashatts::testing
