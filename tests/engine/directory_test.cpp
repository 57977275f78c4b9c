// What a data directory remembers, and what comes back of what it lost.
#include <unistd.h>

#include "base/files.h"
#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

using DirectoryTest = EngineTest;

TEST_F(DirectoryTest, ALostCatalogComesBackFromTheMasters) {
  const std::string made = bytes_of(open().synthesize({.text = kText}));
  lose("catalog");
  lose("cache");
  TtsEngine engine = open();
  const Speech again = engine.synthesize({.text = kText});
  EXPECT_EQ(again.origin(), Origin::blob);
  EXPECT_EQ(bytes_of(again), made);
  EXPECT_EQ(voice->calls(), 1);
  const auto record = look_into_catalog()->speech(again.cache_key());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->record.text, kText);
  EXPECT_EQ(record->record.metadata.duration_ms, again.metadata().duration_ms);
}

TEST_F(DirectoryTest, ALostCatalogCostsNoSynthesisWhereTheCacheIsLeft) {
  open().synthesize({.text = kText});
  lose("catalog");
  TtsEngine engine = open();
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::lmdb);
  EXPECT_EQ(engine.synthesize({.text = kText, .format = AudioFormat::flac}).origin(), Origin::blob);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(DirectoryTest, ALostCatalogFindsItsPagesAgain) {
  const SpeechRequest page{.text = kText, .story_id = "moon", .page_number = 1};
  open().synthesize(page);
  lose("catalog");
  lose("cache");
  TtsEngine engine = open();
  EXPECT_FALSE(engine.story_page_url("moon", 1));
  EXPECT_EQ(engine.synthesize(page).origin(), Origin::blob);
  EXPECT_TRUE(engine.story_page_url("moon", 1));
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(DirectoryTest, AStrangersObjectIsNotAdopted) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  std::string object;
  {
    TtsEngine engine = open();
    const Speech flac = engine.synthesize({.text = kOther, .format = AudioFormat::flac});
    engine.synthesize({.text = kText});
    engine.forget_text(kText);
    object = "audio/tts/" + engine.reject({.text = kOther}).rejected.hex() + ".flac";
    store->remove(object + ".rejected");
    // Whole and ours, but its name says that it is another's.
    store->put_if_absent("audio/tts/" + std::string(32, 'a') + ".flac", flac.audio(), {});
  }
  EXPECT_EQ(open().synthesize({.text = kText}).origin(), Origin::synthesized);
}

TEST_F(DirectoryTest, ASecretChangesEveryKey) {
  const Key plain = open().synthesize({.text = kText}).cache_key();
  config.key_secret = "pepper";
  const Speech peppered = open().synthesize({.text = kText});
  EXPECT_NE(peppered.cache_key(), plain);
  EXPECT_EQ(peppered.origin(), Origin::synthesized);
  config.key_secret = "salt";
  EXPECT_NE(open().synthesize({.text = kText}).cache_key(), peppered.cache_key());
}

TEST_F(DirectoryTest, TheNamespaceIsThePrefixOfEveryObject) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  config.name_space = "staging/";
  TtsEngine engine = open();
  engine.synthesize({.text = kText, .story_id = "moon", .page_number = 1});
  engine.reject({.text = kText});
  engine.synthesize({.text = kText});
  ASSERT_FALSE(store->names().empty());
  for (const std::string& name : store->names()) {
    EXPECT_TRUE(name.starts_with("staging/audio/")) << name;
  }
}

TEST_F(DirectoryTest, AVoiceProfileIsRemembered) {
  config.voice_profile = "guide";
  const Key key = open().synthesize({.text = kText}).cache_key();
  config.voice_profile = "";
  TtsEngine engine = open();
  EXPECT_EQ(engine.status().voice_profile, "guide");
  EXPECT_EQ(engine.synthesize({.text = kText}).cache_key(), key);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(DirectoryTest, ANewDirectoryBeginsWithTheRosterAndAnotherProfileIsAnotherVoice) {
  EXPECT_EQ(open().status().voice_profile, "roster");
  const Key roster = open().synthesize({.text = kText}).cache_key();
  config.voice_profile = "guide";
  EXPECT_NE(open().synthesize({.text = kText}).cache_key(), roster);
  config.voice_profile = "gude";
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::config_invalid);
}

TEST_F(DirectoryTest, LivePresenceGoesWithTheEngine) {
  {
    TtsEngine one = open();
    TtsEngine two = open();
    EXPECT_FALSE(std::filesystem::is_empty(data("live")));
  }
  EXPECT_TRUE(std::filesystem::is_empty(data("live")));
}

TEST_F(DirectoryTest, StatusIsHealthyAndSaysWhatItIs) {
  TtsEngine engine = open();
  const Status status = engine.status();
  EXPECT_EQ(status.health, Health::healthy);
  EXPECT_TRUE(status.warnings.empty());
  EXPECT_EQ(status.synthesizer_identity, "fake/voice@1");
  EXPECT_EQ(status.data_dir, config.data_dir);
  EXPECT_FALSE(status.read_only);
  EXPECT_EQ(engine.config().data_dir, config.data_dir);
}

TEST_F(DirectoryTest, StatusWarnsWhereRoomIsShort) {
  config.min_free_bytes = std::int64_t{1} << 50;  // a pebibyte
  TtsEngine engine = open();
  EXPECT_EQ(engine.status().health, Health::degraded);
  ASSERT_EQ(engine.status().warnings.size(), 1U);
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = kText}); }), ErrorCode::storage_full);
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(DirectoryTest, StatusFollowsTheSynthesizer) {
  const auto status = [&](SynthesizerState state) {
    voice->set_status({.state = state, .model = "fake", .message = "what to do"});
    return open().status();  // an engine asks at most every 30 s
  };
  EXPECT_EQ(status(SynthesizerState::ready).health, Health::healthy);
  EXPECT_EQ(status(SynthesizerState::loading).health, Health::degraded);
  for (const auto state :
       {SynthesizerState::unreachable, SynthesizerState::unauthorized, SynthesizerState::not_served,
        SynthesizerState::no_credits, SynthesizerState::unavailable}) {
    EXPECT_EQ(status(state).health, Health::unhealthy) << name(state);
    EXPECT_EQ(status(state).warnings.back(), "what to do");
  }
}

TEST_F(DirectoryTest, ADirectoryOfANewerVersionIsRefused) {
  open();
  std::filesystem::remove(data("VERSION"));
  const std::string line = "2\n";
  write_new_file(data("VERSION"), std::as_bytes(std::span(line)), Sync::none);
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::storage_newer);
}

}  // namespace
}  // namespace bhashatts::testing
