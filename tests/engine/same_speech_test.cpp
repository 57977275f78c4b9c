// One sentence, one synthesis: however it is spelt, whatever format is asked for.
#include <array>
#include <latch>

#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

using SameSpeechTest = EngineTest;

TEST_F(SameSpeechTest, SpellingsThatSoundAlikeShareOneSynthesis) {
  TtsEngine engine = open();
  const Key key = engine.synthesize({.text = "क़लम और  किताब"}).cache_key();
  for (const std::string_view spelling : {
           "क\u093Cलम और किताब",       // decomposed nukta
           "  क़लम और किताब \n",        // blanks around
           "\uFEFFक़लम और\u00A0किताब",  // byte order mark, no-break space
           "क़लम\u200B और किताब",       // zero width space
       }) {
    const Speech speech = engine.synthesize({.text = spelling});
    EXPECT_EQ(speech.cache_key(), key) << spelling;
    EXPECT_EQ(speech.origin(), Origin::memory) << spelling;
  }
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(SameSpeechTest, AJoinerBehindAViramaDoesNotCount) {
  TtsEngine engine = open();
  engine.synthesize({.text = "क्या"});
  EXPECT_TRUE(engine.synthesize({.text = "क्\u200Dया"}).cached());
  EXPECT_TRUE(engine.synthesize({.text = "क्\u200Cया"}).cached());
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(SameSpeechTest, TheSynthesizerIsGivenTheSpokenText) {
  TtsEngine engine = open();
  engine.synthesize({.text = "  नमस्ते\r\nबच्चों  "});
  EXPECT_EQ(voice->last_text(), "नमस्ते\nबच्चों");
}

TEST_F(SameSpeechTest, WavAndFlacAreOneSynthesis) {
  TtsEngine engine = open();
  const Speech wav = engine.synthesize({.text = kText});
  const Speech flac = engine.synthesize({.text = kText, .format = AudioFormat::flac});
  EXPECT_EQ(flac.origin(), Origin::blob);
  EXPECT_NE(flac.cache_key(), wav.cache_key());
  EXPECT_TRUE(flac.audio().chars().starts_with("fLaC"));
  EXPECT_EQ(flac.metadata().format, AudioFormat::flac);
  EXPECT_EQ(flac.metadata().duration_ms, wav.metadata().duration_ms);
  EXPECT_EQ(voice->calls(), 1);
  EXPECT_EQ(engine.stats().total_entries, 2);
}

TEST_F(SameSpeechTest, WavAndFlacAtOnceAreOneSynthesis) {
  TtsEngine engine = open();
  voice->hold();
  std::thread wav([&] { engine.synthesize({.text = kText}); });
  std::thread flac([&] { engine.synthesize({.text = kText, .format = AudioFormat::flac}); });
  voice->await_calls(1);
  voice->release();
  wav.join();
  flac.join();
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(SameSpeechTest, SixteenThreadsShareOneSynthesis) {
  TtsEngine engine = open();
  voice->hold();
  std::array<std::atomic<int>, kOrigins + 1> origins{};
  std::latch ready(16);
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      ready.count_down();
      ++origins[static_cast<std::size_t>(engine.synthesize({.text = kText}).origin())];
    });
  }
  ready.wait();
  voice->await_calls(1);
  voice->release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(voice->calls(), 1);
  EXPECT_EQ(origins[static_cast<std::size_t>(Origin::synthesized)], 1);
  // Who comes only after the landing gets a hit; all others joined.
  EXPECT_EQ(origins[static_cast<std::size_t>(Origin::joined)] +
                origins[static_cast<std::size_t>(Origin::memory)],
            15);
}

TEST_F(SameSpeechTest, WhoJoinsPaysNothing) {
  give_voice({.limits = {.concurrency = 1, .max_cost_micro_usd = 500}, .cost_micro_usd = 300});
  TtsEngine engine = open();
  voice->hold();
  std::int64_t paid = 0;
  std::thread leader([&] { paid = engine.synthesize({.text = kText}).cost_micro_usd(); });
  voice->await_calls(1);
  std::optional<Speech> other;
  std::thread joiner([&] { other = engine.synthesize({.text = kText}); });
  voice->release();
  leader.join();
  joiner.join();
  EXPECT_EQ(paid, 300);
  EXPECT_EQ(other->cost_micro_usd(), 0);
  EXPECT_EQ(other->metadata().generation_cost_micro_usd, 300);
}

TEST_F(SameSpeechTest, NoMoreCallsAtOnceThanTheSynthesizerBears) {
  give_voice({.limits = {.concurrency = 2}});
  TtsEngine engine = open();
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back(
        [&engine, i] { engine.synthesize({.text = "पन्ना " + std::to_string(i)}); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(voice->calls(), 12);
  EXPECT_LE(voice->most_at_once(), 2);
}

}  // namespace
}  // namespace bhashatts::testing
