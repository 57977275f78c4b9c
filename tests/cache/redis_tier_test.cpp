// Against a real server: what Redis keeps of ours, and what clearing leaves alone.
#include "cache/redis_tier.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cache/entry_codec.h"
#include "tests/cache/tier_help.h"
#include "tests/support/redis_server.h"

namespace bhashatts::cache {
namespace {

using redis::Command;
using redis::Redis;
using redis::RedisOptions;
using testing::audio_number;
using testing::kDay;
using testing::key_number;
using testing::RedisServer;
using testing::speech_number;

class RedisTierTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<RedisServer>(); }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override { redis_->call({"FLUSHALL"}); }

  static std::shared_ptr<Redis> connect() {
    RedisOptions options;
    options.url = server_->unix_url();
    options.connect_timeout = options.command_timeout = std::chrono::seconds(5);
    return std::make_shared<Redis>(options);
  }
  std::string name_of(std::uint64_t number) const {
    return "n:bhashatts:audio:" + key_number(number).hex();
  }
  std::string value_of(std::uint64_t number) {
    return std::string(redis_->call({"GET", name_of(number)}).bulk.chars());
  }
  void store(std::uint64_t number, const std::string& value) {
    redis_->call({"SET", name_of(number), value});
  }
  bool there(const std::string& name) { return redis_->call({"EXISTS", name}).integer == 1; }
  std::int64_t size() { return redis_->call({"DBSIZE"}).integer; }

  static std::unique_ptr<RedisServer> server_;
  std::shared_ptr<Redis> redis_ = connect();
  std::shared_ptr<CacheTier> tier_ = make_redis_tier(redis_, "n:");
};

std::unique_ptr<RedisServer> RedisTierTest::server_;

TEST_F(RedisTierTest, GivesBackWhatAnotherHostPut) {
  const CacheEntry speech = speech_number(1, 1'000'000);
  make_redis_tier(connect(), "n:")->put(speech, kDay);
  const auto hit = tier_->get(key_number(1));
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->audio.chars(), speech.audio.chars());
  EXPECT_EQ(*hit->metadata, *speech.metadata);
  EXPECT_FALSE(tier_->get(key_number(2)));
  EXPECT_EQ(tier_->stats().hits, 1);
  EXPECT_EQ(tier_->stats().misses, 1);
  EXPECT_EQ(tier_->name(), "redis");
}

TEST_F(RedisTierTest, KeepsTheAudioAliveAfterTheTierIsGone) {
  tier_->put(speech_number(1, 5'000), kDay);
  const auto hit = tier_->get(key_number(1));
  tier_.reset();
  redis_.reset();
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->audio.chars(), audio_number(1, 5'000));
  redis_ = connect();
}

TEST_F(RedisTierTest, ForgetsWhenItsTimeIsUp) {
  tier_->put(speech_number(1), kDay);
  const std::int64_t left = redis_->call({"PTTL", name_of(1)}).integer;
  EXPECT_LE(left, 86'400'000);
  EXPECT_GT(left, 86'000'000);
  tier_->put(speech_number(2), std::chrono::seconds(0));
  EXPECT_FALSE(tier_->get(key_number(2)));
  tier_->put(speech_number(3), std::chrono::seconds::max());
  EXPECT_TRUE(tier_->get(key_number(3)));
}

TEST_F(RedisTierTest, Erases) {
  tier_->put(speech_number(1), kDay);
  tier_->put(speech_number(2), kDay);
  tier_->erase(key_number(1));
  tier_->erase(key_number(9));
  EXPECT_FALSE(tier_->get(key_number(1)));
  EXPECT_TRUE(tier_->get(key_number(2)));
}

TEST_F(RedisTierTest, ADamagedValueIsAMissAndGone) {
  tier_->put(speech_number(1), kDay);
  const std::string good = value_of(1);
  for (std::size_t at = 0; at < good.size(); at += at < 250 ? 1 : 97) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x40);
    store(1, bad);
    EXPECT_FALSE(tier_->get(key_number(1))) << at;
    EXPECT_FALSE(there(name_of(1))) << at;
  }
}

TEST_F(RedisTierTest, AValueCutShortOrTooLongIsAMissAndGone) {
  tier_->put(speech_number(1), kDay);
  const std::string good = value_of(1);
  for (const std::size_t size : {0UL, 1UL, 4UL, 5UL, 9UL, 12UL, 100UL, good.size() - 1}) {
    store(1, good.substr(0, size));
    EXPECT_FALSE(tier_->get(key_number(1))) << size;
    EXPECT_FALSE(there(name_of(1))) << size;
  }
  store(1, good + "x");
  EXPECT_FALSE(tier_->get(key_number(1)));
  EXPECT_FALSE(there(name_of(1)));
}

TEST_F(RedisTierTest, AnothersSpeechUnderAKeyIsAMissAndGone) {
  tier_->put(speech_number(1), kDay);
  store(2, value_of(1));
  EXPECT_FALSE(tier_->get(key_number(2)));
  EXPECT_FALSE(there(name_of(2)));
  EXPECT_TRUE(tier_->get(key_number(1)));
}

// Version byte and checksum keep their places in every version of the header.
TEST_F(RedisTierTest, WhatANewerVersionWroteIsAMissAndStays) {
  tier_->put(speech_number(1), kDay);
  std::string value = value_of(1);
  const std::size_t begin = 4 + 1 + 5 + 2;  // magic, "HINDI", length
  const std::size_t end = value.size() - 1'000;
  value[begin] = 100;
  std::uint64_t sum = xxh3_64(std::string_view(value).substr(begin, end - begin - 8));
  for (std::size_t i = 0; i < 8; ++i, sum >>= 8U) value[end - 8 + i] = static_cast<char>(sum);
  store(1, value);
  EXPECT_FALSE(tier_->get(key_number(1)));
  EXPECT_TRUE(there(name_of(1)));
}

TEST_F(RedisTierTest, ClearsItsOwnAndTouchesNothingElse) {
  for (std::uint64_t i = 0; i < 20; ++i) tier_->put(speech_number(i), kDay);
  const std::vector<std::string> others{"n:bhashatts:audio:readme",
                                        "n:bhashatts:audio:" + std::string(31, '0'),
                                        "n:bhashatts:audio:" + std::string(32, 'A'),
                                        "n:bhashatts:lease:" + key_number(1).hex(),
                                        "nn:bhashatts:audio:" + key_number(1).hex(),
                                        "bhashatts:audio:" + key_number(1).hex(),
                                        "x"};
  for (const std::string& name : others) redis_->call({"SET", name, "another's"});
  redis_->call({"LPUSH", "list", "y"});
  EXPECT_EQ(tier_->clear({.language = {}, .count_only = true}), 20);
  EXPECT_EQ(size(), 28);
  EXPECT_EQ(tier_->clear({}), 20);
  for (const std::string& name : others) EXPECT_TRUE(there(name)) << name;
  EXPECT_EQ(size(), 8);
  EXPECT_EQ(tier_->clear({}), 0);
}

TEST_F(RedisTierTest, TakesANamespaceByItsLetters) {
  for (const char* name : {"a*", "a?[b-c]^\\", "[", "\\*", ""}) {
    const auto tier = make_redis_tier(redis_, name);
    tier->put(speech_number(1), kDay);
  }
  make_redis_tier(redis_, "axb")->put(speech_number(1), kDay);
  std::int64_t left = size();
  EXPECT_EQ(left, 6);
  for (const char* name : {"a*", "a?[b-c]^\\", "[", "\\*", ""}) {
    EXPECT_EQ(make_redis_tier(redis_, name)->clear({}), 1) << name;
    EXPECT_EQ(size(), --left) << name;
  }
}

TEST_F(RedisTierTest, ClearsOneLanguage) {
  for (std::uint64_t i = 0; i < 30; ++i) {
    tier_->put(speech_number(i, 2'000, i % 3 == 0 ? "TAMIL" : "HINDI"), kDay);
  }
  tier_->put(speech_number(100, 10, "HIND"), kDay);
  tier_->put(speech_number(101, 10, "HINDII"), kDay);
  store(102, "what says nothing");
  redis_->call({"LPUSH", name_of(103), "no string"});
  EXPECT_EQ(tier_->clear({.language = "HINDI", .count_only = true}), 20);
  EXPECT_EQ(tier_->clear({.language = "HINDI"}), 20);
  EXPECT_EQ(tier_->clear({.language = "MARATHI"}), 0);
  EXPECT_TRUE(tier_->get(key_number(0)));
  EXPECT_TRUE(tier_->get(key_number(100)));
  EXPECT_FALSE(tier_->get(key_number(1)));
  EXPECT_EQ(size(), 14);
}

TEST_F(RedisTierTest, ClearsTenThousandInPages) {
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < 10'000; ++i) names.push_back(name_of(i));
  std::vector<Command> commands;
  for (const std::string& name : names) commands.push_back({"SET", name, "v"});
  redis_->patiently(commands);
  redis_->call({"SET", "another's", "v"});
  redis_->call({"CONFIG", "RESETSTAT"});
  EXPECT_EQ(tier_->clear({.language = {}, .count_only = true}), 10'000);
  EXPECT_EQ(tier_->clear({}), 10'000);
  EXPECT_EQ(size(), 1);
  const std::string stats(redis_->call({"INFO", "commandstats"}).bulk.chars());
  EXPECT_EQ(stats.find("cmdstat_keys"), std::string::npos);
  EXPECT_EQ(stats.find("cmdstat_flush"), std::string::npos);
}

TEST_F(RedisTierTest, RaisesWhatRedisRefusesAndCountsIt) {
  redis_->call({"LPUSH", name_of(1), "no string"});
  EXPECT_THROW(tier_->get(key_number(1)), Error);
  redis_->call({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_THROW(tier_->put(speech_number(2), kDay), Error);
  redis_->call({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(tier_->stats().errors, 2);
  tier_->put(speech_number(2), kDay);
  EXPECT_TRUE(tier_->get(key_number(2)));
}

TEST(RedisTierOutage, RaisesWhileRedisIsAway) {
  RedisServer server;
  RedisOptions options;
  options.url = server.url();
  options.connect_timeout = options.command_timeout = std::chrono::seconds(5);
  const auto tier = make_redis_tier(std::make_shared<Redis>(options), "n:");
  tier->put(speech_number(1), kDay);
  server.kill();
  EXPECT_THROW(tier->get(key_number(1)), Error);
  EXPECT_THROW(tier->put(speech_number(1), kDay), Error);
  EXPECT_THROW(tier->erase(key_number(1)), Error);
  EXPECT_THROW(tier->clear({}), Error);
  EXPECT_EQ(tier->stats().errors, 4);
}

}  // namespace
}  // namespace bhashatts::cache
