// Callers may leave; the work that they began is nobody's and goes on.
#include <stop_token>

#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

using std::chrono::milliseconds;
using CallersTest = EngineTest;

// Asks until it is there: the work goes on behind the caller who left.
Speech await(TtsEngine& engine, const SpeechRequest& request) {
  for (;;) {
    if (auto speech = engine.lookup(request)) return *speech;
    std::this_thread::yield();
  }
}

TEST_F(CallersTest, WhoCannotWaitIsToldWhenToComeBack) {
  TtsEngine engine = open();
  voice->hold();
  try {
    engine.synthesize({.text = kText, .timeout = milliseconds(0)});
    FAIL() << "it cannot be there";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::deadline_exceeded);
    EXPECT_TRUE(error.retryable());
    EXPECT_GT(error.retry_after(), milliseconds(0));
  }
  voice->release();
}

TEST_F(CallersTest, TheWorkOfACallerWhoLeftGoesOn) {
  TtsEngine engine = open();
  voice->hold();
  code_of([&] { engine.synthesize({.text = kText, .timeout = milliseconds(0)}); });
  voice->await_calls(1);
  voice->release();
  EXPECT_TRUE(await(engine, {.text = kText}).cached());
  EXPECT_TRUE(engine.synthesize({.text = kText}).cached());
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(CallersTest, ThePageOfACallerWhoLeftIsKept) {
  TtsEngine engine = open();
  voice->hold();
  const SpeechRequest page{
      .text = kText, .timeout = milliseconds(0), .story_id = "moon", .page_number = 1};
  code_of([&] { engine.synthesize(page); });
  voice->await_calls(1);
  voice->release();
  const Speech speech = await(engine, {.text = kText});
  // A look-up may adopt the master before the job has committed its page.
  while (!engine.url(speech)) std::this_thread::yield();
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(CallersTest, OneCallersCancellationDoesNotHurtTheOther) {
  TtsEngine engine = open();
  voice->hold();
  std::stop_source leaves;
  ErrorCode code = ErrorCode::ok;
  std::thread first([&] {
    code = code_of([&] { engine.synthesize({.text = kText, .stop = leaves.get_token()}); });
  });
  voice->await_calls(1);
  std::optional<Speech> speech;
  std::thread second([&] { speech = engine.synthesize({.text = kText}); });
  leaves.request_stop();
  first.join();
  voice->release();
  second.join();
  EXPECT_EQ(code, ErrorCode::cancelled);
  ASSERT_TRUE(speech);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(CallersTest, WhoHasLeftAlreadyStillGetsAHit) {
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  std::stop_source left;
  left.request_stop();
  const SpeechRequest request{.text = kText, .timeout = milliseconds(0), .stop = left.get_token()};
  EXPECT_EQ(engine.synthesize(request).origin(), Origin::memory);
}

TEST_F(CallersTest, EveryoneWhoWaitsHearsOfTheFailure) {
  TtsEngine engine = open();
  voice->hold();
  voice->fail_next(Error(ErrorCode::rate_limited, "slow down", true, milliseconds(1'500)), 8);
  std::atomic<int> told{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      told += code_of([&] { engine.synthesize({.text = kText}); }) == ErrorCode::rate_limited;
    });
  }
  voice->await_calls(1);
  voice->release();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(told, 4);
}

TEST_F(CallersTest, AfterAFailureTheNextCallTriesAgain) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::upstream_failed, "no", true), 2);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(code_of([&] { engine.synthesize({.text = kText}); }), ErrorCode::upstream_failed);
  }
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::synthesized);
}

TEST_F(CallersTest, CloseDrainsPaidWork) {
  TtsEngine engine = open();
  voice->hold();
  std::optional<Speech> speech;
  std::thread caller([&] { speech = engine.synthesize({.text = kText}); });
  voice->await_calls(1);
  std::thread closer([&] { engine.close(std::chrono::minutes(1)); });
  while (code_of([&] { engine.lookup({.text = kText}); }) != ErrorCode::closed) {
    std::this_thread::yield();
  }
  voice->release();
  caller.join();
  closer.join();
  ASSERT_TRUE(speech);
  EXPECT_EQ(speech->origin(), Origin::synthesized);
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = kText}); }), ErrorCode::closed);
  TtsEngine next = open();
  EXPECT_EQ(next.stats().requests[static_cast<std::size_t>(Origin::synthesized) - 1], 1);
  EXPECT_EQ(next.synthesize({.text = kText}).origin(), Origin::lmdb);
}

TEST_F(CallersTest, CloseStopsWhatDoesNotEnd) {
  TtsEngine engine = open();
  voice->hold();
  ErrorCode code = ErrorCode::ok;
  std::thread caller([&] { code = code_of([&] { engine.synthesize({.text = kText}); }); });
  voice->await_calls(1);
  engine.close(milliseconds(1));
  caller.join();
  EXPECT_EQ(code, ErrorCode::cancelled);
}

TEST_F(CallersTest, WorkThatNeverBeganEndsWithTheEngine) {
  give_voice({.limits = {.concurrency = 1}});
  TtsEngine engine = open();
  voice->hold();
  code_of([&] { engine.synthesize({.text = kText, .timeout = milliseconds(0)}); });
  voice->await_calls(1);
  ErrorCode code = ErrorCode::ok;
  std::thread caller([&] { code = code_of([&] { engine.synthesize({.text = kOther}); }); });
  engine.close(milliseconds(1));
  caller.join();
  EXPECT_EQ(code, ErrorCode::closed);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(CallersTest, EverythingRaisesClosedAfterwardsAndCloseIsIdempotent) {
  TtsEngine engine = open();
  const Speech speech = engine.synthesize({.text = kText});
  engine.close();
  engine.close();
  EXPECT_EQ(code_of([&] { engine.lookup({.text = kText}); }), ErrorCode::closed);
  EXPECT_EQ(code_of([&] { engine.stats(); }), ErrorCode::closed);
  EXPECT_EQ(code_of([&] { engine.status(); }), ErrorCode::closed);
  EXPECT_EQ(code_of([&] { engine.url(speech); }), ErrorCode::closed);
  EXPECT_EQ(code_of([&] { engine.prewarm({}); }), ErrorCode::closed);
  EXPECT_EQ(code_of([&] { engine.forget_text(kText); }), ErrorCode::closed);
}

TEST_F(CallersTest, AllThreadsMayDoEverythingAtOnce) {
  TtsEngine engine = open();
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&engine, t] {
      for (int i = 0; i < 10; ++i) {
        const std::string text = "पन्ना " + std::to_string(i % 4);
        engine.synthesize({.text = text, .story_id = "moon", .page_number = i + 1});
        if (t == 0 && i % 5 == 4) code_of([&] { engine.reject({.text = text}); });
        if (t == 1 && i == 6) engine.clear({});
        if (t == 2 && i == 3) engine.forget_text(text);
        if (t == 3) engine.stats();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  engine.flush();
  // A tier may point at a blob that was forgotten meanwhile: a miss, and repaired. No more than
  // that.
  for (const VerifyProblem& problem : engine.verify(true).problems) {
    EXPECT_TRUE(problem.object.starts_with("cache ")) << problem.object << ": " << problem.what;
    EXPECT_TRUE(problem.repaired);
  }
  EXPECT_TRUE(engine.verify(false).problems.empty());
}

}  // namespace
}  // namespace bhashatts::testing
