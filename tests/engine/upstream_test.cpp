// What processes of a host share of an upstream: its slots, its breaker; and how it is asked how it
// stands.
#include "base/hash.h"
#include "engine/probe.h"
#include "engine/voice.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/fake_waiter.h"

namespace bhashatts::testing {
namespace {

using engine::CallSlot;
using engine::Probe;

engine::Voice voice_over(std::shared_ptr<Synthesizer> synthesizer) {
  engine::Voice voice;
  voice.synthesizer = std::move(synthesizer);
  voice.upstream = voice.synthesizer->upstream();
  return voice;
}

TEST(CallSlot, ThereAreAsManyAsTheUpstreamBears) {
  const TempDir dir;
  const auto locks = LockFile::open(dir / "locks");
  const auto voice = voice_over(std::make_shared<FakeSynthesizer>(
      FakeVoice{.upstream = "there", .limits = {.concurrency = 2}}));
  const auto first = CallSlot::try_take(voice, *locks);
  {
    const auto second = CallSlot::try_take(voice, *locks);
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(CallSlot::try_take(voice, *locks));
  }
  EXPECT_TRUE(CallSlot::try_take(voice, *locks));
}

TEST(CallSlot, AVoiceOfThisMachineNeedsNone) {
  const TempDir dir;
  const auto locks = LockFile::open(dir / "locks");
  const auto voice =
      voice_over(std::make_shared<FakeSynthesizer>(FakeVoice{.limits = {.concurrency = 1}}));
  const auto first = CallSlot::try_take(voice, *locks);
  EXPECT_TRUE(first && CallSlot::try_take(voice, *locks));
}

class CountingVoice final : public FakeSynthesizer {
 public:
  SynthesizerStatus status() override {
    ++asked;
    return {.state = SynthesizerState::ready, .model = "m"};
  }
  int asked = 0;
};

TEST(Probe, AsksAtMostEveryThirtySeconds) {
  const auto counting = std::make_shared<CountingVoice>();
  const auto voice = voice_over(counting);
  FakeWaiter clock;
  Probe probe(clock);
  probe.look(voice);
  clock.pass(std::chrono::seconds(29));
  probe.look(voice);
  EXPECT_EQ(counting->asked, 1);
  clock.pass(std::chrono::seconds(2));
  EXPECT_EQ(probe.look(voice).state, SynthesizerState::ready);
  EXPECT_EQ(counting->asked, 2);
}

TEST(Probe, AnOpenBreakerKnowsMoreThanAServerThatAnswers) {
  const TempDir dir;
  auto voice = voice_over(std::make_shared<CountingVoice>());
  voice.breaker = std::make_unique<net::Breaker>(dir / "breaker");
  voice.breaker->failed(Error(ErrorCode::credits_exhausted, "no credits"));
  const SynthesizerStatus status = Probe().look(voice);
  EXPECT_EQ(status.state, SynthesizerState::no_credits);
  EXPECT_NE(status.message.find("credits"), std::string::npos);
}

TEST(Probe, TroubleLastsUntilACallHasSucceeded) {
  const TempDir dir;
  std::int64_t now = 1'000'000;
  auto voice = voice_over(std::make_shared<CountingVoice>());
  voice.breaker =
      std::make_unique<net::Breaker>(dir / "breaker", net::BreakerPolicy{}, [&] { return now; });
  voice.breaker->failed(Error(ErrorCode::credits_exhausted, "no credits"));
  now += 3'600'000;
  EXPECT_FALSE(voice.refusal().has_value());
  EXPECT_EQ(Probe().look(voice).state, SynthesizerState::no_credits);
  voice.breaker->ask();
  voice.breaker->succeeded();
  EXPECT_EQ(Probe().look(voice).state, SynthesizerState::ready);
}

class UpstreamTest : public EngineTest {
 protected:
  UpstreamTest() { give_voice({.upstream = "there", .limits = {.concurrency = 4}}); }
};

TEST_F(UpstreamTest, WhatOneEngineLearnedOfItTheOthersNeedNotLearn) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::unauthorized, "a wrong token"));
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = kText}); }), ErrorCode::unauthorized);
  TtsEngine other = open();
  EXPECT_EQ(code_of([&] { other.synthesize({.text = kOther}); }), ErrorCode::unauthorized);
  EXPECT_EQ(voice->calls(), 1);
  EXPECT_EQ(other.status().synthesizer.state, SynthesizerState::unauthorized);
  EXPECT_EQ(other.status().health, Health::unhealthy);
}

TEST_F(UpstreamTest, APrewarmStopsBeforeADoorThatIsShut) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::credits_exhausted, "no credits"));
  Story story{.story_id = "moon", .title = "", .language = "HINDI", .pages = {}};
  for (int page = 0; page < 100; ++page) story.pages.push_back("पृष्ठ " + std::to_string(page));
  const auto report = engine.prewarm({&story, 1}, {.concurrency = 4});
  EXPECT_LE(report.pages_failed + report.pages_generated, 4);
  EXPECT_GE(report.pages_failed, 1);
  EXPECT_EQ(report.pages_not_attempted, 100 - report.pages_failed - report.pages_generated);
  EXPECT_LE(voice->calls(), 4);
}

TEST_F(UpstreamTest, PagesThatTheBreakerRefusedWereNotAttempted) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::credits_exhausted, "no credits"), 99);
  Story story{.story_id = "moon", .title = "", .language = "HINDI", .pages = {}};
  for (int page = 0; page < 100; ++page) story.pages.push_back("पृष्ठ " + std::to_string(page));
  const auto report = engine.prewarm({&story, 1}, {.concurrency = 16});
  EXPECT_EQ(report.pages_failed, voice->calls());
  EXPECT_EQ(report.pages_not_attempted, 100 - report.pages_failed);
}

TEST_F(UpstreamTest, NoMoreCallsAreUnderWayThanItBears) {
  give_voice({.upstream = "there", .limits = {.concurrency = 2}});
  config.workers = 8;
  TtsEngine engine = open();
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&, i] { engine.synthesize({.text = "पाठ " + std::to_string(i)}); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(voice->calls(), 16);
  EXPECT_LE(voice->most_at_once(), 2);
}

}  // namespace
}  // namespace bhashatts::testing
