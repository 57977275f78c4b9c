// Where a speech comes from, and that it is the same wherever it comes from.
#include "tests/engine/engine_fixture.h"
#include "tests/support/fake_speech.h"

namespace bhashatts::testing {
namespace {

using OriginsTest = EngineTest;

TEST_F(OriginsTest, ANewTextIsSynthesizedAndThenComesFromMemory) {
  TtsEngine engine = open();
  const Speech first = engine.synthesize({.text = kText});
  const Speech second = engine.synthesize({.text = kText});
  EXPECT_EQ(first.origin(), Origin::synthesized);
  EXPECT_FALSE(first.cached());
  EXPECT_EQ(second.origin(), Origin::memory);
  EXPECT_TRUE(second.cached());
  EXPECT_EQ(bytes_of(first), bytes_of(second));
  EXPECT_EQ(first.metadata(), second.metadata());
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(OriginsTest, ANewEngineFindsItOnDisk) {
  const std::string made = bytes_of(open().synthesize({.text = kText}));
  TtsEngine engine = open();
  const Speech again = engine.synthesize({.text = kText});
  EXPECT_EQ(again.origin(), Origin::lmdb);
  EXPECT_EQ(bytes_of(again), made);
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::memory);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(OriginsTest, ALostCacheIsRefilledFromTheBlobStore) {
  const std::string made = bytes_of(open().synthesize({.text = kText}));
  lose("cache");
  TtsEngine engine = open();
  const Speech again = engine.synthesize({.text = kText});
  EXPECT_EQ(again.origin(), Origin::blob);
  EXPECT_TRUE(again.cached());
  EXPECT_EQ(bytes_of(again), made);
  engine.flush();
  EXPECT_EQ(open().synthesize({.text = kText}).origin(), Origin::lmdb);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(OriginsTest, AHostsOwnTierIsAskedAfterOurs) {
  const auto shed = std::make_shared<FakeTier>();
  parts.tiers.push_back(shed);
  const std::string made = bytes_of(open().synthesize({.text = kText}));
  lose("cache");
  TtsEngine engine = open();
  const Speech again = engine.synthesize({.text = kText});
  EXPECT_EQ(again.origin(), Origin::tier);
  EXPECT_EQ(bytes_of(again), made);
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::memory);
}

TEST_F(OriginsTest, ATierNamedRedisIsCalledSo) {
  parts.tiers.push_back(std::make_shared<FakeTier>("redis"));
  open().synthesize({.text = kText});
  lose("cache");
  EXPECT_EQ(open().synthesize({.text = kText}).origin(), Origin::redis);
}

TEST_F(OriginsTest, LookupNeverSynthesizes) {
  TtsEngine engine = open();
  EXPECT_FALSE(engine.lookup({.text = kText}));
  EXPECT_EQ(voice->calls(), 0);
  const Speech made = engine.synthesize({.text = kText});
  const auto found = engine.lookup({.text = kText});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->origin(), Origin::memory);
  EXPECT_EQ(bytes_of(*found), bytes_of(made));
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(OriginsTest, LookupDerivesFromTheMaster) {
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  const auto flac = engine.lookup({.text = kText, .format = AudioFormat::flac});
  ASSERT_TRUE(flac);
  EXPECT_EQ(flac->origin(), Origin::blob);
  EXPECT_TRUE(flac->audio().chars().starts_with("fLaC"));
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(OriginsTest, MetadataTellsTheAudioAndItsMaking) {
  give_voice({.compute_ms = 37});
  const FakeSpeech spoken = fake_speech(kText, {});
  TtsEngine engine = open();
  const Speech speech = engine.synthesize({.text = kText, .voice_style = "calm"});
  const AudioMetadata& metadata = speech.metadata();
  EXPECT_EQ(metadata.sample_rate, 8'000U);
  EXPECT_NEAR(static_cast<double>(metadata.duration_ms), 1'000 * fake_seconds(kText), 1);
  EXPECT_EQ(metadata.size_bytes, 44U + 2 * spoken.samples.size());
  EXPECT_EQ(metadata.size_bytes, speech.audio().size());
  EXPECT_EQ(metadata.synthesizer, "fake/voice@1");
  EXPECT_EQ(metadata.language, "HINDI");
  EXPECT_EQ(metadata.voice_style, "calm");
  EXPECT_EQ(metadata.generation_time_ms, 37);
}

TEST_F(OriginsTest, LanguageStyleAndVoiceEachMakeAnotherSpeech) {
  std::vector<Key> keys;
  {
    TtsEngine engine = open();
    keys.push_back(engine.synthesize({.text = kText}).cache_key());
    keys.push_back(engine.synthesize({.text = kText, .voice_style = "calm"}).cache_key());
    keys.push_back(engine.synthesize({.text = kText, .language = "TAMIL"}).cache_key());
  }
  EXPECT_EQ(voice->calls(), 3);
  give_voice({.identity = "fake/voice@2"});
  keys.push_back(open().synthesize({.text = kText}).cache_key());
  EXPECT_EQ(voice->calls(), 1);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::unique(keys.begin(), keys.end()), keys.end());
}

TEST_F(OriginsTest, AudioOutlivesItsEngineAndItsFile) {
  const auto hold = [&] {
    TtsEngine engine = open();
    engine.synthesize({.text = kText});
    engine.flush();
    return open().synthesize({.text = kText});  // a mapped file by now
  };
  const Speech speech = hold();
  const std::string before = bytes_of(speech);
  std::filesystem::remove_all(dir / "data");
  EXPECT_EQ(bytes_of(speech), before);
}

}  // namespace
}  // namespace bhashatts::testing
