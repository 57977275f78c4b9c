// What plugs in may fail; what was made is returned all the same.
#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

class SeamsTest : public EngineTest {
 protected:
  ErrorCode speak(TtsEngine& engine) {
    return code_of([&] { engine.synthesize({.text = kText}); });
  }
};

TEST_F(SeamsTest, WhatIsNoErrorBecomesPluginFailed) {
  TtsEngine engine = open();
  voice->raise_foreign_next();
  EXPECT_EQ(speak(engine), ErrorCode::plugin_failed);
  voice->raise_nonsense_next();
  EXPECT_EQ(speak(engine), ErrorCode::plugin_failed);
  EXPECT_EQ(speak(engine), ErrorCode::ok);
}

TEST_F(SeamsTest, NothingThatIsNoWholeAudioPassesTheGate) {
  TtsEngine engine = open();
  const std::string whole = fake_wav(kText);
  for (const std::string& bad : {std::string(), std::string("<html>Bad gateway</html>"),
                                 std::string(R"({"error":"loading"})"), whole.substr(0, 20),
                                 whole.substr(0, 44), std::string(1'000, '\0')}) {
    voice->answer_next(bad);
    EXPECT_EQ(speak(engine), ErrorCode::bad_audio) << bad.substr(0, 20);
    EXPECT_FALSE(engine.lookup({.text = kText}));
  }
  EXPECT_EQ(engine.stats().total_entries, 0);
}

TEST_F(SeamsTest, AudioIsServedWithAHeaderOfOurs) {
  TtsEngine engine = open();
  std::string endless = fake_wav(kText);
  endless.replace(40, 4, "\xFF\xFF\xFF\xFF");  // a streamed WAV: length unknown
  voice->answer_next(endless);
  const Speech speech = engine.synthesize({.text = kText});
  EXPECT_EQ(bytes_of(speech), fake_wav(kText));
}

TEST_F(SeamsTest, AFailingTierIsSkipped) {
  const auto shed = std::make_shared<FakeTier>();
  parts.tiers.push_back(shed);
  for (const auto mood : {FakeTier::Mood::raises_error, FakeTier::Mood::raises_nonsense}) {
    shed->mood = mood;
    TtsEngine engine = open();
    const std::string text = "पन्ना " + std::to_string(static_cast<int>(mood));
    EXPECT_EQ(engine.synthesize({.text = text}).origin(), Origin::synthesized);
    EXPECT_EQ(engine.synthesize({.text = text}).origin(), Origin::memory);
    engine.reject({.text = text});
    EXPECT_THROW(engine.clear({}), Error) << "who clears is told";
    EXPECT_GE(engine.stats().tiers.size(), 2U);
  }
}

TEST_F(SeamsTest, ATierThatRecoversIsUsedAgain) {
  const auto shed = std::make_shared<FakeTier>();
  parts.tiers.push_back(shed);
  TtsEngine engine = open();
  shed->mood = FakeTier::Mood::raises_error;
  engine.synthesize({.text = kText});
  shed->mood = FakeTier::Mood::well;
  engine.synthesize({.text = kOther});
  EXPECT_EQ(shed->stats().entries, 1);
  EXPECT_EQ(engine.clear({}).cache_entries, 3);  // two on disk, one there
}

TEST_F(SeamsTest, SpeechIsReturnedWhereTheStoreRefusesIt) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  store->refuses_puts = true;
  TtsEngine engine = open();
  const SpeechRequest page{.text = kText, .story_id = "moon", .page_number = 1};
  EXPECT_EQ(engine.synthesize(page).origin(), Origin::synthesized);
  EXPECT_EQ(engine.synthesize(page).origin(), Origin::memory);
  EXPECT_TRUE(store->names().empty());
  EXPECT_FALSE(engine.story_page_url("moon", 1));
}

TEST_F(SeamsTest, WhatIsMadeAndNotKeptIsToldUntilItIsKeptAgain) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  TtsEngine engine = open();
  store->refuses_puts = true;
  engine.synthesize({.text = kText});
  const Status status = engine.status();
  ASSERT_EQ(status.warnings.size(), 1U);
  EXPECT_NE(status.warnings[0].find("paid for again: the store is told to refuse"),
            std::string::npos);
  EXPECT_EQ(status.health, Health::degraded);
  store->refuses_puts = false;
  engine.synthesize({.text = kOther});
  EXPECT_TRUE(engine.status().warnings.empty());
}

TEST_F(SeamsTest, AStoreThatCannotAnswerFailsTheMissBeforeMoneyIsSpent) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  store->refuses_all = true;
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = kOther}); }), ErrorCode::storage_failed);
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::memory);
  EXPECT_EQ(voice->calls(), 1);
}

// Else each take would look rejected, and the next be tried, without end.
TEST_F(SeamsTest, AStoreThatSaysYesToEveryNameIsNotBelieved) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  store->knows_all = true;
  TtsEngine engine = open();
  EXPECT_EQ(speak(engine), ErrorCode::storage_failed);
  EXPECT_EQ(voice->calls(), 0);
  store->knows_all = false;
  EXPECT_EQ(speak(engine), ErrorCode::ok);
}

TEST_F(SeamsTest, AStoreThatIsNotLocalIsCopiedToTheDiskTier) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  open().synthesize({.text = kText, .story_id = "moon", .page_number = 1});
  store->refuses_all = true;
  EXPECT_EQ(open().synthesize({.text = kText}).origin(), Origin::lmdb);
}

TEST_F(SeamsTest, TheFirstWriterOfAMasterWins) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  const std::string first = bytes_of(open().synthesize({.text = kText}));
  std::filesystem::remove_all(dir / "data");  // another host, the same store
  TtsEngine other = open();
  EXPECT_EQ(other.synthesize({.text = kText}).origin(), Origin::blob);
  EXPECT_EQ(bytes_of(other.synthesize({.text = kText})), first);
  EXPECT_EQ(voice->calls(), 1);
}

}  // namespace
}  // namespace bhashatts::testing
