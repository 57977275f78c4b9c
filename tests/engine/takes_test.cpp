// A take that sounds wrong is never heard again.
#include <algorithm>

#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

using TakesTest = EngineTest;

TEST_F(TakesTest, ARejectedTakeIsFollowedByAnother) {
  TtsEngine engine = open();
  const Speech wrong = engine.synthesize({.text = kText});
  const RejectReport report = engine.reject({.text = kText});
  EXPECT_EQ(report.next_take, 1);
  EXPECT_EQ(report.speeches_dropped, 1);
  EXPECT_FALSE(engine.lookup({.text = kText}));
  const Speech next = engine.synthesize({.text = kText});
  EXPECT_EQ(next.origin(), Origin::synthesized);
  EXPECT_EQ(next.metadata().take, 1);
  EXPECT_NE(bytes_of(next), bytes_of(wrong));
  EXPECT_NE(next.cache_key(), wrong.cache_key());
}

TEST_F(TakesTest, EveryFormatOfTheTakeGoes) {
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  engine.synthesize({.text = kText, .format = AudioFormat::flac});
  EXPECT_EQ(engine.reject({.text = kText}).speeches_dropped, 2);
  EXPECT_FALSE(engine.lookup({.text = kText}));
  EXPECT_FALSE(engine.lookup({.text = kText, .format = AudioFormat::flac}));
}

TEST_F(TakesTest, AnotherEngineThatHoldsItInMemoryDropsItToo) {
  TtsEngine one = open();
  TtsEngine two = open();
  const std::string wrong = bytes_of(one.synthesize({.text = kText}));
  one.flush();
  EXPECT_EQ(bytes_of(two.synthesize({.text = kText})), wrong);
  EXPECT_EQ(two.synthesize({.text = kText}).origin(), Origin::memory);
  one.reject({.text = kText});
  EXPECT_FALSE(two.lookup({.text = kText}));
  EXPECT_NE(bytes_of(two.synthesize({.text = kText})), wrong);
  EXPECT_EQ(voice->calls(), 2);
}

TEST_F(TakesTest, ATombstoneStaysInTheBlobStore) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  const std::string key = engine.reject({.text = kText}).rejected.hex();
  EXPECT_TRUE(store->info("audio/rejected/" + key));
  EXPECT_FALSE(store->info("audio/tts/" + key + ".flac"));
}

TEST_F(TakesTest, ATombstoneIsObeyedAlsoWhereTheCatalogIsLost) {
  parts.blob_store = std::make_shared<FakeBlobStore>();
  std::string wrong;
  {
    TtsEngine engine = open();
    wrong = bytes_of(engine.synthesize({.text = kText}));
    engine.reject({.text = kText});
  }
  std::filesystem::remove_all(dir / "data");
  const Speech next = open().synthesize({.text = kText});
  EXPECT_EQ(next.metadata().take, 1);
  EXPECT_NE(bytes_of(next), wrong);
}

TEST_F(TakesTest, TakesCountUpAndOutliveTheEngine) {
  for (int take = 0; take < 3; ++take) {
    TtsEngine engine = open();
    EXPECT_EQ(engine.synthesize({.text = kText}).metadata().take, take);
    EXPECT_EQ(engine.reject({.text = kText}).next_take, take + 1);
  }
  EXPECT_EQ(voice->calls(), 3);
}

TEST_F(TakesTest, OnlyTheRejectedStyleIsMadeAgain) {
  TtsEngine engine = open();
  engine.synthesize({.text = kText});
  engine.synthesize({.text = kText, .voice_style = "calm"});
  engine.reject({.text = kText, .voice_style = "calm"});
  EXPECT_TRUE(engine.lookup({.text = kText}));
  EXPECT_FALSE(engine.lookup({.text = kText, .voice_style = "calm"}));
}

TEST_F(TakesTest, WhatWasNeverMadeCannotBeRejected) {
  TtsEngine engine = open();
  EXPECT_EQ(code_of([&] { engine.reject({.text = kText}); }), ErrorCode::not_found);
  engine.synthesize({.text = kText});
  engine.reject({.text = kText});
  EXPECT_EQ(code_of([&] { engine.reject({.text = kText}); }), ErrorCode::not_found);
  EXPECT_EQ(engine.synthesize({.text = kText}).metadata().take, 1);
}

TEST_F(TakesTest, ATakeRejectedWhileItIsMadeIsNotServedAfterwards) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  TtsEngine engine = open();
  const std::string first = bytes_of(engine.synthesize({.text = kText}));
  for (const std::string& object : store->names()) store->remove(object);
  engine.clear({});
  voice->hold();
  std::thread maker([&] { engine.synthesize({.text = kText}); });
  voice->await_calls(2);
  engine.reject({.text = kText});
  voice->release();
  maker.join();
  EXPECT_EQ(engine.synthesize({.text = kText}).metadata().take, 1);
  EXPECT_NE(bytes_of(engine.synthesize({.text = kText})), first);
}

}  // namespace
}  // namespace bhashatts::testing
