#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "redis/error_reply.h"
#include "redis/redis.h"
#include "tests/redis/redis_help.h"
#include "tests/support/raised.h"
#include "tests/support/redis_server.h"

namespace bhashatts::redis {
namespace {

using bhashatts::testing::raised;
using bhashatts::testing::RedisServer;
using testing::bulk;
using testing::info;
using testing::noise;
using testing::patient;
using testing::patient_redis;

class RedisClient : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<RedisServer>(); }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override { redis_->call({"FLUSHALL"}); }

  static std::unique_ptr<RedisServer> server_;
  std::shared_ptr<Redis> redis_ = patient_redis(server_->url());
};

std::unique_ptr<RedisServer> RedisClient::server_;

TEST_F(RedisClient, GivesBackAnyBytes) {
  const std::string value("\0\r\n$-1\xff", 8);
  EXPECT_EQ(redis_->call({"SET", value, value}).text, "OK");
  EXPECT_EQ(bulk(*redis_, {"GET", value}), value);
  EXPECT_EQ(redis_->call({"GET", "absent"}).kind, Reply::Kind::nil);
  EXPECT_EQ(redis_->call({"STRLEN", value}).integer, 8);
  EXPECT_EQ(redis_->call({"SET", "empty", ""}).text, "OK");
  EXPECT_EQ(redis_->call({"GET", "empty"}).kind, Reply::Kind::bulk);
}

TEST_F(RedisClient, MovesMegabytesBothWaysOverEachKindOfSocket) {
  const std::string value = noise(5'000'000);
  for (const std::string& url : {server_->url(), server_->unix_url()}) {
    const auto redis = patient_redis(url);
    EXPECT_EQ(redis->call({"SET", "big", value}).text, "OK");
    EXPECT_EQ(bulk(*redis, {"GET", "big"}), value) << url;
  }
}

TEST_F(RedisClient, JoinsATailToTheLastWord) {
  const std::string audio = noise(100'000);
  EXPECT_EQ(redis_->call({"PSETEX", "k", "60000", "head"}, audio).text, "OK");
  EXPECT_EQ(bulk(*redis_, {"GET", "k"}), "head" + audio);
}

TEST_F(RedisClient, AnErrorReplyIsAReply) {
  redis_->call({"SET", "k", "v"});
  const Reply reply = redis_->call({"INCR", "k"});
  EXPECT_EQ(reply.kind, Reply::Kind::error);
  EXPECT_EQ(error_of(reply).code(), ErrorCode::upstream_failed);
  EXPECT_FALSE(redis_->trouble());
}

TEST_F(RedisClient, AnswersAPipelineInOrder) {
  std::vector<std::string> numbers;
  for (int i = 0; i < 3'000; ++i) numbers.push_back(std::to_string(i));
  std::vector<Command> commands;
  for (const std::string& number : numbers) commands.push_back({"ECHO", number});
  const auto replies = redis_->patiently(commands);
  ASSERT_EQ(replies.size(), numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(replies[i].bulk.chars(), numbers[i]);
  EXPECT_TRUE(redis_->patiently(std::vector<Command>()).empty());
}

TEST_F(RedisClient, APipelineOfBigValuesDoesNotWaitForItself) {
  const std::string value = noise(1'000'000);
  std::vector<Command> commands(20, Command{"ECHO", value});
  const auto replies = redis_->patiently(commands);
  ASSERT_EQ(replies.size(), 20U);
  for (const Reply& reply : replies) EXPECT_EQ(reply.bulk.size(), value.size());
}

TEST_F(RedisClient, SendsAScriptOnceAndThenItsNameOnly) {
  const std::string keys[] = {"k"};
  const std::string arguments[] = {"one", "two"};
  constexpr const char* kScript = "return {KEYS[1], ARGV[2], #ARGV}";
  redis_->call({"SCRIPT", "FLUSH"});
  redis_->call({"CONFIG", "RESETSTAT"});
  for (int i = 0; i < 3; ++i) {
    const Reply reply = redis_->eval(kScript, keys, arguments);
    ASSERT_EQ(reply.array.size(), 3U);
    EXPECT_EQ(reply.array[1].bulk.chars(), "two");
  }
  EXPECT_EQ(info(*redis_, "cmdstat_eval").substr(0, 8), "calls=1,");
}

TEST_F(RedisClient, RaisesWhatAScriptRaises) {
  raised(ErrorCode::upstream_failed, [&] { redis_->eval("return redis.call('NO')", {}, {}); });
  raised(ErrorCode::upstream_failed, [&] { redis_->eval("this is not Lua", {}, {}); });
  EXPECT_TRUE(testing::works(*redis_));
}

TEST_F(RedisClient, RefusesAReplyLargerThanItsBoundAndGoesOn) {
  RedisOptions options = patient(server_->url());
  options.max_reply_bytes = 1 << 20;
  Redis redis(options);
  redis.call({"SET", "big", noise((1 << 20) + 1)});
  const std::string message = raised(ErrorCode::upstream_failed, [&] {
    redis.call({"GET", "big"});
  });
  EXPECT_NE(message.find("larger"), std::string::npos);
  EXPECT_EQ(bulk(redis, {"ECHO", "well"}), "well");
}

TEST_F(RedisClient, TakesRepliesUpToSixtyFourMegabytes) {
  const std::string value = noise((64 << 20) - 100);
  redis_->call({"SET", "huge", value});
  EXPECT_EQ(redis_->call({"GET", "huge"}).bulk.chars(), value);
  redis_->call({"APPEND", "huge",
                "xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx "
                "xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx "});
  raised(ErrorCode::upstream_failed, [&] { redis_->call({"GET", "huge"}); });
}

TEST_F(RedisClient, ServesSixteenThreadsWithFewConnections) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, name = "thread" + std::to_string(t)] {
      for (int i = 0; i < 100; ++i) {
        const std::string value = name + noise(static_cast<std::size_t>(i) * 700);
        redis_->call({"SET", name, value});
        wrong += bulk(*redis_, {"GET", name}) == value ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(std::stoi(info(*redis_, "connected_clients")), 8);
}

TEST_F(RedisClient, UsesOneConnectionForCallsInARow) {
  const int before = std::stoi(info(*redis_, "total_connections_received"));
  for (int i = 0; i < 50; ++i) redis_->call({"PING"});
  EXPECT_EQ(std::stoi(info(*redis_, "total_connections_received")), before);
}

TEST_F(RedisClient, ReplacesAConnectionThatTheServerClosed) {
  redis_->call({"SET", "k", "v"});
  patient_redis(server_->url())->call({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  EXPECT_EQ(redis_->call({"INCR", "counter"}).integer, 1);
  EXPECT_EQ(bulk(*redis_, {"GET", "k"}), "v");
}

TEST_F(RedisClient, KeepsToItsDatabase) {
  const auto seventh = patient_redis(server_->url("/7"));
  seventh->call({"SET", "k", "seven"});
  EXPECT_EQ(redis_->call({"GET", "k"}).kind, Reply::Kind::nil);
  EXPECT_EQ(bulk(*patient_redis(server_->unix_url() + "?db=7"), {"GET", "k"}), "seven");
}

TEST_F(RedisClient, SaysThatADatabaseIsNotThere) {
  const auto wrong = patient_redis(server_->url("/99"));
  const std::string message = raised(ErrorCode::config_invalid, [&] { wrong->call({"PING"}); });
  EXPECT_NE(message.find("database"), std::string::npos);
  ASSERT_TRUE(wrong->trouble());
  EXPECT_EQ(wrong->trouble()->what(), message);
  EXPECT_EQ(raised(ErrorCode::config_invalid, [&] { wrong->call({"PING"}); }), message);
}

TEST(RedisLogin, NeedsThePassword) {
  const RedisServer server({"--requirepass", "s/e c@r"});
  const std::string tail = server.url().substr(8);
  EXPECT_TRUE(testing::works(*patient_redis("redis://:s%2Fe%20c%40r@" + tail)));
  const auto wrong = patient_redis("redis://:guess@" + tail);
  const std::string message = raised(ErrorCode::unauthorized, [&] { wrong->call({"PING"}); });
  EXPECT_EQ(message.find("guess"), std::string::npos);
  ASSERT_TRUE(wrong->trouble());
  EXPECT_EQ(wrong->trouble()->code(), ErrorCode::unauthorized);
  raised(ErrorCode::unauthorized, [&] { wrong->call({"PING"}); });
}

TEST(RedisLogin, WithoutAPasswordEveryCommandIsRefusedAndThatIsKnown) {
  const RedisServer server({"--requirepass", "secret"});
  Redis redis(patient(server.url()));
  EXPECT_EQ(error_of(redis.call({"GET", "k"})).code(), ErrorCode::unauthorized);
  ASSERT_TRUE(redis.trouble());
  EXPECT_EQ(redis.trouble()->code(), ErrorCode::unauthorized);
}

TEST(RedisLogin, APasswordForAServerWithoutOneIsRefused) {
  const RedisServer server;
  const auto redis = patient_redis("redis://:needless@" + server.url().substr(8));
  // Redis 6 and later take any password of the default user that has none set for an error.
  raised(ErrorCode::unauthorized, [&] { redis->call({"PING"}); });
}

TEST(RedisLogin, TakesAUserOfTheAccessList) {
  const RedisServer server({"--user", "ana", "on", ">pw", "~mine:*", "+@all"});
  const auto ana = patient_redis("redis://ana:pw@" + server.url().substr(8));
  EXPECT_EQ(ana->call({"SET", "mine:k", "v"}).text, "OK");
  EXPECT_EQ(error_of(ana->call({"SET", "other", "v"})).code(), ErrorCode::unauthorized);
  EXPECT_EQ(bulk(*ana, {"GET", "mine:k"}), "v");
}

}  // namespace
}  // namespace bhashatts::redis
