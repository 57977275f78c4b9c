// The bucket is away for a while, and processes die meanwhile: nothing that was acknowledged is
// lost, or paid for again.
#include <signal.h>

#include "audio/codec.h"
#include "tests/hosts/hosts_fixture.h"

namespace bhashatts::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kText = "एक था राजा।";

class Outage : public HostsTest {
 protected:
  void SetUp() override {
    HostsTest::SetUp();
    settings["s3_timeout_ms"] = "1000";
  }
  // Who asks when. Processes are begun, asked and killed; what they acknowledged is heard.
  void round_of_kills(int first) {
    Crowd all = crowd({"red", "green"}, 2);
    for (const auto& one : all) {
      one->send("storm 4 60000 25 " + std::to_string(first) + " पाठ ");
    }
    for (const auto& one : all) heard_.collect(*one, 30);  // of a hundred each
    for (const auto& one : all) {
      one->signal(SIGKILL);
      for (const std::string& line : one->rest()) heard_.hear(line);
      one->kill();
      ++kills_;
    }
  }
  // A host that has nothing of its own says what the bucket holds.
  void bucket_holds_all_that_was_acknowledged() {
    without_redis();
    const std::size_t paid = calls().total();
    auto fresh = open("auditor");
    for (const auto& [text, audios] : heard_.audios()) {
      EXPECT_THAT(audios, SizeIs(1)) << text;
      const auto found = fresh.lookup({.text = text});
      ASSERT_TRUE(found) << text;
      EXPECT_EQ(audio_hash(found->audio()), *audios.begin()) << text;
    }
    EXPECT_EQ(calls().total(), paid);
  }
  Heard heard_;
  int kills_ = 0;
};

TEST_F(Outage, WithKillsInBetweenLosesNothing) {
  round_of_kills(1);
  bucket->kill();
  round_of_kills(2);
  round_of_kills(3);
  bucket->start();
  round_of_kills(4);
  Crowd all = crowd({"red", "green"}, 1);
  for (int first = 1; first <= 4; ++first) {
    all[0]->send("storm 4 60000 25 " + std::to_string(first) + " पाठ ");
    heard_.collect(*all[0], 100);
  }
  finish(all);
  EXPECT_THAT(heard_.errors, IsEmpty());
  EXPECT_THAT(heard_.audios(), SizeIs(100));
  bucket_holds_all_that_was_acknowledged();
  EXPECT_THAT(bucket->masters(), SizeIs(100));
  // A host's calls under way when it is killed: four slots of each of its two kills' processes.
  EXPECT_LE(calls().total(), 100U + static_cast<std::size_t>(kills_) * 4);
  for (const std::string& name : bucket->masters()) {
    EXPECT_EQ(bucket->object(name).media_type, "audio/flac");
    EXPECT_THAT(bucket->object(name).cache_control, ::testing::HasSubstr("immutable"));
  }
}

TEST_F(Outage, IsNoTroubleForHits) {
  auto engine = open("red");
  engine.synthesize({.text = kText});
  engine.flush();
  bucket->kill();
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::memory);
  engine.close();
  EXPECT_EQ(open("red").synthesize({.text = kText}).origin(), Origin::lmdb);
  EXPECT_EQ(open("green").synthesize({.text = kText}).origin(), Origin::redis);
  EXPECT_EQ(calls().total(), 1U);
}

// What was paid for and cannot be fetched just now is not paid for again.
TEST_F(Outage, DoesNotMakeAgainWhatTheBucketHas) {
  without_redis();
  open("red").synthesize({.text = kText});
  bucket->kill();
  std::filesystem::remove_all(data("red") / "cache");
  auto engine = open("red");
  try {
    engine.synthesize({.text = kText});
    FAIL() << "it was paid for twice";
  } catch (const Error& error) {
    EXPECT_TRUE(error.retryable());
  }
  bucket->start();
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::blob);
  EXPECT_EQ(calls().total(), 1U);
}

class Remote : public Outage {
 protected:
  void SetUp() override {
    Outage::SetUp();
    settings["durability"] = "remote";
  }
  ErrorCode refused(TtsEngine& engine) {
    try {
      engine.synthesize({.text = kText});
    } catch (const Error& error) {
      EXPECT_TRUE(error.retryable());
      return error.code();
    }
    return ErrorCode::ok;
  }
};

TEST_F(Remote, DurabilityAnswersWhenTheBucketHasIt) {
  auto engine = open("red");
  engine.synthesize({.text = kText});
  EXPECT_THAT(bucket->masters(), SizeIs(1));
  EXPECT_EQ(engine.status().spool_entries, 0);
}

TEST_F(Remote, DurabilityPaysForNothingWhileTheBucketIsAway) {
  auto engine = open("red");
  bucket->kill();
  EXPECT_EQ(refused(engine), ErrorCode::storage_failed);
  EXPECT_EQ(calls().total(), 0U);
  bucket->start();
  EXPECT_EQ(refused(engine), ErrorCode::ok);
}

TEST_F(Remote, DurabilityKeepsWhatTheBucketMissed) {
  counted.meanwhile = [this] { bucket->kill(); };
  auto engine = open("red");
  EXPECT_EQ(refused(engine), ErrorCode::storage_failed);
  EXPECT_EQ(refused(engine), ErrorCode::storage_failed);
  EXPECT_EQ(calls().total(), 1U) << "it is in the spool";
  EXPECT_EQ(code_of([&] { engine.lookup({.text = kText}); }), ErrorCode::storage_failed);
  bucket->start();
  EXPECT_TRUE(await([&] { return refused(engine) == ErrorCode::ok; }));
  EXPECT_THAT(bucket->masters(), SizeIs(1));
  EXPECT_EQ(calls().total(), 1U);
}

TEST_F(Remote, DurabilityLosesNothingToAKill) {
  {
    Crowd all = crowd({"red"}, 1, {"--gate", gate()});
    all[0]->send("say " + kText);
    ASSERT_EQ(calls().await(1), 1U);
    bucket->kill();
    open_gate();
    EXPECT_THAT(all[0]->answer(), ::testing::StartsWith("error storage_failed"));
    all[0]->kill();
  }
  bucket->start();
  auto engine = open("red");
  EXPECT_TRUE(await([&] { return refused(engine) == ErrorCode::ok; }));
  EXPECT_THAT(bucket->masters(), SizeIs(1));
  EXPECT_EQ(calls().total(), 1U);
}

}  // namespace
}  // namespace bhashatts::testing
