// Speech without a thread that waits for it: the same as with one, told once.
#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <set>
#include <stop_token>

#include "tests/engine/engine_fixture.h"
#include "tests/support/heard.h"

namespace bhashatts::testing {
namespace {

using std::chrono::milliseconds;

std::string text_of(int number) { return "पन्ना " + std::to_string(number) + " की कहानी"; }

std::int64_t requests(TtsEngine& engine, Origin origin) {
  return engine.stats().requests[static_cast<std::size_t>(origin) - 1];
}

class AsyncTest : public EngineTest {
 protected:
  // Until it is there: the work goes on behind the caller who left.
  static void await_kept(TtsEngine& engine, std::string_view text) {
    while (!engine.lookup({.text = text})) std::this_thread::yield();
  }
};

TEST_F(AsyncTest, AHitIsToldBeforeTheCallReturns) {
  {
    TtsEngine engine = open();
    const Speech made = engine.synthesize({.text = kText});
    const HeardSpeech heard;
    engine.synthesize_async({.text = kText}, heard.ear());
    ASSERT_EQ(heard.times(), 1);
    EXPECT_EQ(heard.thread(), std::this_thread::get_id());
    EXPECT_EQ(heard.await().speech->origin(), Origin::memory);
    EXPECT_EQ(bytes_of(*heard.await().speech), bytes_of(made));
    EXPECT_EQ(requests(engine, Origin::memory), 1);
  }
  TtsEngine next = open();
  const HeardSpeech heard;
  next.synthesize_async({.text = kText}, heard.ear());
  ASSERT_EQ(heard.times(), 1);
  EXPECT_EQ(heard.await().speech->origin(), Origin::lmdb);
}

TEST_F(AsyncTest, AMissIsToldOnceOnAThreadOfTheEngines) {
  TtsEngine engine = open();
  const HeardSpeech heard;
  voice->hold();
  engine.synthesize_async({.text = kText}, heard.ear());
  EXPECT_EQ(heard.times(), 0);
  voice->release();
  const SpeechResult result = heard.await();
  ASSERT_TRUE(result.speech && !result.error);
  EXPECT_EQ(result.speech->origin(), Origin::synthesized);
  EXPECT_NE(heard.thread(), std::this_thread::get_id());
  EXPECT_EQ(bytes_of(engine.synthesize({.text = kText})), bytes_of(*result.speech));
  EXPECT_EQ(requests(engine, Origin::synthesized), 1);
  engine.close();
  EXPECT_EQ(heard.times(), 1);
}

TEST_F(AsyncTest, TheRequestsStringsMayBeGoneBeforeItIsTold) {
  TtsEngine engine = open();
  const HeardSpeech heard;
  voice->hold();
  {
    const std::string text(kText), language("HINDI"), style("calm"), user(40, 'u'), story("moon");
    engine.synthesize_async({.text = text,
                             .language = language,
                             .voice_style = style,
                             .user_id = user,
                             .story_id = story,
                             .page_number = 3},
                            heard.ear());
  }
  voice->release();
  ASSERT_TRUE(heard.await().speech);
  EXPECT_EQ(heard.await().speech->metadata().voice_style, "calm");
  EXPECT_TRUE(engine.story_page_url("moon", 3, "calm"));
  EXPECT_EQ(engine.forget_user(std::string(40, 'u')).usage_events, 1);
}

TEST_F(AsyncTest, ManyWhoAskForOneTextShareOneSynthesis) {
  TtsEngine engine = open();
  voice->hold();
  const HeardSpeech heard;
  for (int i = 0; i < 50; ++i) engine.synthesize_async({.text = kText}, heard.ear());
  voice->await_calls(1);
  voice->release();
  heard.await(50);
  EXPECT_EQ(voice->calls(), 1);
  EXPECT_EQ(requests(engine, Origin::synthesized), 1);
  EXPECT_EQ(requests(engine, Origin::joined), 49);
}

TEST_F(AsyncTest, WhoseTimeIsUpIsToldWhenToComeBackAndThenGetsAHit) {
  TtsEngine engine = open();
  voice->hold();
  const HeardSpeech heard;
  engine.synthesize_async({.text = kText, .timeout = milliseconds(1)}, heard.ear());
  const SpeechResult result = heard.await();
  ASSERT_TRUE(result.error && !result.speech);
  EXPECT_EQ(result.error->code(), ErrorCode::deadline_exceeded);
  EXPECT_TRUE(result.error->retryable());
  EXPECT_GT(result.error->retry_after(), milliseconds(0));
  voice->release();
  await_kept(engine, kText);
  engine.synthesize_async({.text = kText, .timeout = milliseconds(0)}, heard.ear());
  EXPECT_EQ(heard.times(), 2);
  EXPECT_TRUE(heard.await().speech);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(AsyncTest, AStopCancelsTheRequestButNotTheWork) {
  TtsEngine engine = open();
  voice->hold();
  std::stop_source leaves;
  const HeardSpeech left, stays;
  engine.synthesize_async({.text = kText, .stop = leaves.get_token()}, left.ear());
  engine.synthesize_async({.text = kText}, stays.ear());
  leaves.request_stop();
  EXPECT_EQ(left.await_code(), ErrorCode::cancelled);
  EXPECT_NE(left.thread(), std::this_thread::get_id()) << "who stops may hold a lock";
  EXPECT_EQ(stays.times(), 0);
  voice->release();
  EXPECT_TRUE(stays.await().speech);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(AsyncTest, WhoHasLeftAlreadyStillGetsAHitAndStillBeginsTheWork) {
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  std::stop_source left;
  left.request_stop();
  const HeardSpeech hit, miss;
  engine.synthesize_async({.text = kText, .stop = left.get_token()}, hit.ear());
  EXPECT_TRUE(hit.await().speech);
  voice->hold();
  engine.synthesize_async({.text = kOther, .stop = left.get_token()}, miss.ear());
  EXPECT_EQ(miss.await_code(), ErrorCode::cancelled);
  voice->release();
  await_kept(engine, kOther);
}

TEST_F(AsyncTest, BadInputIsToldNotRaised) {
  TtsEngine engine = open();
  const HeardSpeech heard;
  engine.synthesize_async({.text = " "}, heard.ear());
  EXPECT_EQ(heard.await_code(1), ErrorCode::text_empty);
  engine.synthesize_async({.text = kText, .language = "KLINGON"}, heard.ear());
  EXPECT_EQ(heard.await_code(2), ErrorCode::language_unknown);
  engine.synthesize_async({.text = kText, .page_number = 1}, heard.ear());
  EXPECT_EQ(heard.await_code(3), ErrorCode::bad_request);
  EXPECT_EQ(heard.thread(), std::this_thread::get_id());
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(AsyncTest, EveryoneHearsOfTheFailureAndTheNextTriesAgain) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::rate_limited, "slow down", true, milliseconds(1'500)));
  const HeardSpeech heard;
  engine.synthesize_async({.text = kText}, heard.ear());
  const SpeechResult result = heard.await();
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code(), ErrorCode::rate_limited);
  EXPECT_EQ(result.error->retry_after(), milliseconds(1'500));
  engine.synthesize_async({.text = kText}, heard.ear());
  EXPECT_TRUE(heard.await(2).speech);
}

TEST_F(AsyncTest, ATierThatMayBeFarAwayIsNotAskedOnTheCallersThread) {
  struct AskedTier : FakeTier {
    std::optional<CacheEntry> get(const Key& key) override {
      const std::lock_guard lock(mutex);
      askers.insert(std::this_thread::get_id());
      return FakeTier::get(key);
    }
    std::mutex mutex;
    std::set<std::thread::id> askers;
  };
  const auto far = std::make_shared<AskedTier>();
  parts.tiers = {far};
  open().synthesize({.text = kText});
  far->askers.clear();
  for (const char* lost : {"cache", "catalog", "blobs"}) lose(lost);
  TtsEngine engine = open();
  const HeardSpeech heard;
  engine.synthesize_async({.text = kText}, heard.ear());
  ASSERT_TRUE(heard.await().speech);
  EXPECT_EQ(heard.await().speech->origin(), Origin::tier);
  EXPECT_THAT(far->askers, ::testing::Not(::testing::Contains(std::this_thread::get_id())));
  EXPECT_EQ(voice->calls(), 1) << "the one before";
}

TEST_F(AsyncTest, ACallbackThatRaisesHurtsNobody) {
  TtsEngine engine = open();
  const HeardSpeech heard;
  const auto raises = [ear = heard.ear()](SpeechResult result) {
    ear(std::move(result));
    throw 42;
  };
  engine.synthesize_async({.text = kText}, raises);
  EXPECT_TRUE(heard.await().speech);
  engine.synthesize_async({.text = kText}, raises);
  EXPECT_TRUE(heard.await(2).speech);
  EXPECT_TRUE(engine.synthesize({.text = kText}).cached());
}

TEST_F(AsyncTest, WhoIsToldMayAskAgain) {
  TtsEngine engine = open();
  const HeardSpeech heard;
  std::function<void(int)> ask = [&](int number) {
    engine.synthesize_async({.text = text_of(number)}, [&, number](SpeechResult result) {
      engine.synthesize_async({.text = text_of(number)}, [](const SpeechResult&) {});
      if (number < 20) ask(number + 1);
      heard.ear()(std::move(result));
    });
  };
  ask(1);
  heard.await(20);
  EXPECT_EQ(voice->calls(), 20);
  EXPECT_EQ(requests(engine, Origin::memory), 20);
}

TEST_F(AsyncTest, AClosedEngineRaisesAndTellsNothing) {
  TtsEngine engine = open();
  engine.close();
  const HeardSpeech heard;
  EXPECT_EQ(code_of([&] { engine.synthesize_async({.text = kText}, heard.ear()); }),
            ErrorCode::closed);
  EXPECT_EQ(heard.times(), 0);
}

TEST_F(AsyncTest, ClosingDrainsPaidWorkAndTells) {
  TtsEngine engine = open();
  voice->hold();
  const HeardSpeech heard;
  engine.synthesize_async({.text = kText}, heard.ear());
  voice->await_calls(1);
  std::thread closer([&] { engine.close(std::chrono::minutes(1)); });
  while (code_of([&] { engine.lookup({.text = kText}); }) != ErrorCode::closed) {
    std::this_thread::yield();
  }
  voice->release();
  closer.join();
  ASSERT_EQ(heard.times(), 1);
  EXPECT_TRUE(heard.await().speech);
  TtsEngine next = open();
  EXPECT_EQ(requests(next, Origin::synthesized), 1) << "counted before the usage was written";
}

TEST_F(AsyncTest, ClosingTellsAllThatAreOpenBeforeItReturns) {
  give_voice({.limits = {.concurrency = 1}});
  TtsEngine engine = open();
  voice->hold();
  std::vector<HeardSpeech> heard(20);
  for (int i = 0; i < 20; ++i) {
    engine.synthesize_async({.text = text_of(i)}, heard[static_cast<std::size_t>(i)].ear());
  }
  voice->await_calls(1);
  engine.close(milliseconds(1));
  std::multiset<ErrorCode> codes;
  for (const HeardSpeech& one : heard) {
    ASSERT_EQ(one.times(), 1);
    codes.insert(one.await_code());
  }
  EXPECT_EQ(codes.count(ErrorCode::cancelled), 1U) << "the call that was under way";
  EXPECT_EQ(codes.count(ErrorCode::closed), 19U);
}

TEST_F(AsyncTest, DestroyingTheEngineTellsAllThatAreOpen) {
  config.drain_timeout_ms = 1;
  const HeardSpeech heard;
  voice->hold();
  {
    TtsEngine engine = open();
    for (int i = 0; i < 20; ++i) engine.synthesize_async({.text = text_of(i)}, heard.ear());
  }
  EXPECT_EQ(heard.times(), 20);
  EXPECT_TRUE(heard.await().error);
}

TEST_F(AsyncTest, WhatTheHostHasBoundIsGoneWhenTheEngineIsClosed) {
  const auto bound = std::make_shared<std::atomic<int>>(0);
  TtsEngine engine = open();
  voice->hold();
  for (int i = 0; i < 10; ++i) {
    engine.synthesize_async({.text = text_of(i)}, [bound](const SpeechResult&) { ++*bound; });
  }
  engine.close(milliseconds(1));
  EXPECT_EQ(*bound, 10);
  EXPECT_EQ(bound.use_count(), 1);
}

// -- voices

class AsyncFallbackTest : public AsyncTest {
 protected:
  AsyncFallbackTest() {
    second = std::make_shared<FakeSynthesizer>(FakeVoice{.identity = "fake/second@1"});
    parts.fallbacks = {second};
  }
  SpeechResult ask(TtsEngine& engine, const SpeechRequest& request) {
    const HeardSpeech heard;
    engine.synthesize_async(request, heard.ear());
    return heard.await();
  }

  std::shared_ptr<FakeSynthesizer> second;
};

TEST_F(AsyncFallbackTest, AnotherVoiceSpeaksInPlaceOfOneThatFails) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::unreachable, "nobody there"), 2);
  const SpeechResult first = ask(engine, {.text = kText});
  ASSERT_TRUE(first.speech);
  EXPECT_TRUE(first.speech->fallback());
  EXPECT_EQ(first.speech->origin(), Origin::synthesized);
  const SpeechResult again = ask(engine, {.text = kText});
  ASSERT_TRUE(again.speech);
  EXPECT_TRUE(again.speech->fallback() && again.speech->cached());
  EXPECT_EQ(second->calls(), 1);
  EXPECT_EQ(requests(engine, Origin::synthesized), 1);
}

TEST_F(AsyncFallbackTest, AnotherVoiceSpeaksInPlaceOfOneThatHangs) {
  TtsEngine engine = open();
  voice->hold();
  const SpeechResult result = ask(engine, {.text = kText, .timeout = milliseconds(900)});
  ASSERT_TRUE(result.speech);
  EXPECT_TRUE(result.speech->fallback());
  voice->release();
}

TEST_F(AsyncFallbackTest, TheFirstVoicesErrorIsToldWhereNobodySpeaks) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::credits_exhausted, "no credits"));
  second->fail_next(Error(ErrorCode::not_configured, "not installed"));
  const SpeechResult result = ask(engine, {.text = kText});
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code(), ErrorCode::credits_exhausted);
  EXPECT_EQ(second->calls(), 1);
}

TEST_F(AsyncFallbackTest, NoOtherVoiceSpeaksWhereNoneIsWantedOrTheCallerLeft) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::unreachable, "nobody there"));
  EXPECT_TRUE(ask(engine, {.text = kText, .allow_fallback = false}).error);
  voice->hold();
  std::stop_source left;
  left.request_stop();
  EXPECT_EQ(ask(engine, {.text = kText, .stop = left.get_token()}).error->code(),
            ErrorCode::cancelled);
  EXPECT_EQ(second->calls(), 0);
  voice->release();
}

}  // namespace
}  // namespace bhashatts::testing
