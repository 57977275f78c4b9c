// Asynchronous calls by the thousand, and everything that can end one at once: each is told once,
// before the engine is closed, and none has a thread.
#include <atomic>
#include <random>
#include <stop_token>

#include "tests/engine/engine_fixture.h"
#include "tests/support/heard.h"
#include "tests/support/threads.h"

namespace bhashatts::testing {
namespace {

using std::chrono::milliseconds;

// Calls that are counted when they are made and when they are told.
class Calls {
 public:
  OnSpeech speech() {
    return [one = make()](const SpeechResult& result) {
      if (result.speech.has_value() == result.error.has_value()) std::abort();
      one->tell();
    };
  }
  OnUtterance utterance() {
    return [one = make()](const UtteranceResult&) { one->tell(); };
  }
  std::size_t made() const {
    const std::lock_guard lock(mutex_);
    return calls_.size();
  }
  void expect_each_told_once() const {
    const std::lock_guard lock(mutex_);
    for (const auto& one : calls_) EXPECT_EQ(one->told, 1);
  }

 private:
  struct Call {
    void tell() { ++told; }
    std::atomic<int> told{0};
  };
  std::shared_ptr<Call> make() {
    const std::lock_guard lock(mutex_);
    return calls_.emplace_back(std::make_shared<Call>());
  }

  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Call>> calls_;
};

class AsyncStormTest : public EngineTest {
 protected:
  AsyncStormTest() { config.default_timeout_ms = 60'000; }
};

// Texts are few, so that they are hits, joined flights and misses; the voice fails now and then.
struct Storm {
  TtsEngine& engine;
  FakeSynthesizer& voice;
  Calls& calls;
  unsigned seed;
  int requests;

  void run() const {
    std::minstd_rand random(seed + 1);
    for (int i = 0; i < requests; ++i) {
      std::stop_source stop;
      const std::string text = "मोर " + std::to_string(random() % 40);
      if (random() % 8 == 0) voice.fail_next(Error(ErrorCode::upstream_failed, "no", true));
      const OnSpeech done = calls.speech();
      try {
        engine.synthesize_async({.text = text,
                                 .timeout = milliseconds(random() % 4 == 0 ? 60'000 : random() % 3),
                                 .stop = stop.get_token()},
                                done);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::closed) std::abort();
        done({.speech = std::nullopt, .error = error});  // raised instead of told
      }
      if (random() % 2 == 0) stop.request_stop();
    }
  }
};

TEST_F(AsyncStormTest, OfLandingsDeadlinesAndStopsTellsEachOnce) {
  TtsEngine engine = open();
  Calls calls;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] { Storm{engine, *voice, calls, t, 250}.run(); });
  }
  for (std::thread& thread : threads) thread.join();
  engine.close();
  EXPECT_EQ(calls.made(), 1'000U);
  calls.expect_each_told_once();
}

TEST_F(AsyncStormTest, OfEnginesThatCloseMeanwhileTellsEachOnce) {
  for (unsigned round = 0; round < 12; ++round) {
    TtsEngine engine = open();
    Calls calls;
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] { Storm{engine, *voice, calls, round * 8 + t, 40}.run(); });
    }
    while (calls.made() < 10 * round) std::this_thread::yield();
    engine.close(milliseconds(round % 3));
    for (std::thread& thread : threads) thread.join();
    calls.expect_each_told_once();
  }
}

std::string sentence(const std::string& who, std::uint64_t number) {
  return who + " ने नदी के किनारे गीत " + std::to_string(number) + " गाया।";
}

TEST_F(AsyncStormTest, AThousandTextsNeedNoThreadEach) {
  constexpr int kTexts = 1'000;
  constexpr std::ptrdiff_t kWorkers = 4, kJoiners = 4, kFew = 4;  // alarms, the tier's writer, ...
  TtsEngine engine = open();
  const auto before = threads_now();
  voice->hold();
  const HeardSpeech heard;
  for (std::uint64_t i = 0; i < kTexts; ++i) {
    engine.synthesize_async({.text = sentence("मोर", i)}, heard.ear());
  }
  voice->await_calls(kWorkers);
  EXPECT_LE(threads_now(), before + kWorkers + kJoiners + kFew);
  voice->release();
  heard.await(kTexts);
  EXPECT_LE(threads_now(), before + kWorkers + kJoiners + kFew);
  EXPECT_EQ(voice->calls(), kTexts);
  EXPECT_EQ(engine.stats().requests[static_cast<std::size_t>(Origin::synthesized) - 1], kTexts);
}

// Streams that are asked for the next utterance and destroyed while that is open.
TEST_F(AsyncStormTest, OfStreamsThatAreLeftTellsEachOnce) {
  TtsEngine engine = open();
  Calls calls;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      std::minstd_rand random(t + 1);
      for (int i = 0; i < 60; ++i) {
        std::stop_source stop;
        const std::string page =
            sentence("मोर", random() % 9) + ' ' + sentence("तोता", random() % 9);
        SpeechStream stream = engine.stream({.text = page, .stop = stop.get_token()});
        if (random() % 2 == 0) stream.next();
        stream.next_async(calls.utterance());
        if (random() % 4 == 0) stop.request_stop();
        if (random() % 2 == 0) std::this_thread::yield();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  engine.close();
  EXPECT_EQ(calls.made(), 180U);
  calls.expect_each_told_once();
}

}  // namespace
}  // namespace bhashatts::testing
