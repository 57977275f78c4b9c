// A Redis that falls silent, dies and comes back. Waits are bounds that only a broken client
// reaches; that nothing is asked while it is away is counted, not timed.
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "redis/redis.h"
#include "tests/redis/redis_help.h"
#include "tests/support/deaf_listener.h"
#include "tests/support/raised.h"
#include "tests/support/redis_server.h"
#include "tests/support/stream_server.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::redis {
namespace {

using bhashatts::testing::DeafListener;
using bhashatts::testing::raised;
using bhashatts::testing::RedisServer;
using bhashatts::testing::StreamServer;
using bhashatts::testing::TempDir;
using std::chrono::milliseconds;
using testing::comes_true;
using testing::works;

RedisOptions hurried(const std::string& url) {
  RedisOptions options;
  options.url = url;
  options.connect_timeout = milliseconds(100);
  options.command_timeout = milliseconds(100);
  return options;
}

TEST(RedisOutage, AServerThatFallsSilentCostsOneTimeoutAndThenNothing) {
  const RedisServer server;
  Redis redis(hurried(server.url()));
  ASSERT_TRUE(comes_true([&] { return works(redis); }));
  server.pause();
  raised(ErrorCode::upstream_timeout, [&] { redis.call({"GET", "k"}); });
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 1'000; ++i) EXPECT_FALSE(works(redis));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));  // not 100
  EXPECT_TRUE(redis.trouble());
  server.resume();
  EXPECT_TRUE(comes_true([&] { return works(redis); }));
  EXPECT_FALSE(redis.trouble());
}

TEST(RedisOutage, AWalkWaitsLongerThanARequestWould) {
  const RedisServer server;
  Redis redis(hurried(server.url()));
  ASSERT_TRUE(comes_true([&] { return works(redis); }));
  server.pause();
  std::string said;
  std::thread walk([&] { said = redis.patiently({"PING"}).text; });
  for (int i = 0; i < 2; ++i) {
    Redis another(hurried(server.url()));  // each gives up after its 100 ms
    raised(ErrorCode::upstream_timeout, [&] { another.call({"GET", "k"}); });
  }
  server.resume();
  walk.join();
  EXPECT_EQ(said, "PONG");
}

TEST(RedisOutage, AWalkAsksAServerThatIsThoughtToBeDown) {
  const RedisServer server;
  Redis redis(hurried(server.url()));
  server.pause();
  raised(ErrorCode::upstream_timeout, [&] { redis.call({"GET", "k"}); });
  server.resume();
  EXPECT_EQ(redis.patiently({"PING"}).text, "PONG");
  EXPECT_TRUE(works(redis));
}

TEST(RedisOutage, RefusedCallsDoNotEvenConnect) {
  StreamServer deaf([](auto& stream, std::size_t) { stream.wait_until_peer_leaves(); });
  Redis redis(hurried("redis://" + deaf.host()));
  raised(ErrorCode::upstream_timeout, [&] { redis.call({"GET", "k"}); });
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 1'000; ++i) {
    try {
      redis.call({"GET", "k"});
      ADD_FAILURE() << "it answered";
    } catch (const Error& error) {
      EXPECT_FALSE(error.tried());
      EXPECT_TRUE(error.retryable());
    }
  }
  const auto seconds = (std::chrono::steady_clock::now() - begun) / std::chrono::seconds(1);
  EXPECT_LE(deaf.connections(), 2U + static_cast<std::size_t>(seconds));  // the prober's own
}

TEST(RedisOutage, AServerThatDiedIsUsedAgainWhenItIsBack) {
  RedisServer server;
  Redis redis(testing::patient(server.url()));
  redis.call({"SET", "k", "v"});
  server.kill();
  raised(ErrorCode::unreachable, [&] { redis.call({"GET", "k"}); });
  raised(ErrorCode::unreachable, [&] { redis.call({"GET", "k"}); });
  server.start();
  EXPECT_TRUE(comes_true([&] { return works(redis); }));
  EXPECT_EQ(redis.call({"GET", "k"}).kind, Reply::Kind::nil);
}

TEST(RedisOutage, ARestartBetweenTwoCallsIsNotNoticed) {
  RedisServer server;
  Redis redis(testing::patient(server.url()));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(redis.call({"INCR", "k"}).integer, 1);
    server.kill();
    server.start();
  }
}

TEST(RedisOutage, ScriptsAreSentAgainToAServerThatForgotThem) {
  RedisServer server;
  Redis redis(testing::patient(server.url()));
  EXPECT_EQ(redis.eval("return 7", {}, {}).integer, 7);
  server.kill();
  server.start();
  EXPECT_EQ(redis.eval("return 7", {}, {}).integer, 7);
}

TEST(RedisOutage, NobodyThereIsUnreachable) {
  Redis tcp(
      testing::patient("redis://127.0.0.1:" + std::to_string(bhashatts::testing::free_port())));
  raised(ErrorCode::unreachable, [&] { tcp.call({"PING"}); });
  const TempDir directory;
  Redis local(testing::patient("unix://" + (directory / "none.sock").string()));
  raised(ErrorCode::unreachable, [&] { local.call({"PING"}); });
}

TEST(RedisOutage, AHostThatNeverConnectsIsGivenUpInTime) {
  const DeafListener full(DeafListener::Queue::full);
  Redis redis(hurried("redis://" + full.host()));
  raised(ErrorCode::upstream_timeout, [&] { redis.call({"PING"}); });
}

TEST(RedisOutage, AHostThatTakesTooLongToLogInIsGivenUpInTime) {
  const DeafListener silent(DeafListener::Queue::open);
  Redis redis(hurried("redis://:password@" + silent.host()));
  raised(ErrorCode::upstream_timeout, [&] { redis.call({"PING"}); });
}

TEST(RedisOutage, ProcessesShareWhatTheyLearned) {
  const TempDir directory;
  RedisOptions options =
      testing::patient("redis://127.0.0.1:" + std::to_string(bhashatts::testing::free_port()));
  options.breaker_file = directory / "redis.breaker";
  Redis one(options);
  Redis other(options);
  raised(ErrorCode::unreachable, [&] { one.call({"PING"}); });
  EXPECT_TRUE(other.trouble());
  try {
    other.call({"PING"});
    ADD_FAILURE() << "it answered";
  } catch (const Error& error) {
    EXPECT_FALSE(error.tried());
  }
}

TEST(RedisOutage, AConnectionThatTookMostOfTheTimeServesTheNextCall) {
  StreamServer slow([](auto& stream, std::size_t) {
    std::string heard;
    stream.read(heard);  // AUTH
    std::this_thread::sleep_for(milliseconds(160));
    stream.write("+OK\r\n");
    while (stream.read(heard)) stream.write("+PONG\r\n");
  });
  RedisOptions options = hurried("redis://:password@" + slow.host());
  options.connect_timeout = milliseconds(200);
  options.command_timeout = milliseconds(200);
  Redis redis(options);
  raised(ErrorCode::upstream_timeout, [&] { redis.call({"PING"}); });
  EXPECT_FALSE(redis.trouble());
  EXPECT_TRUE(works(redis));
  EXPECT_EQ(slow.connections(), 1U);
}

}  // namespace
}  // namespace bhashatts::redis
