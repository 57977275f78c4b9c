// Real processes: what a forked child may use of its parent's, and what a dead one leaves behind.
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "redis/lease.h"
#include "redis/redis.h"
#include "tests/redis/redis_help.h"
#include "tests/support/child.h"
#include "tests/support/redis_server.h"
#include "tests/support/sanitizers.h"

namespace bhashatts::redis {
namespace {

using bhashatts::testing::Child;
using bhashatts::testing::Pipe;
using bhashatts::testing::RedisServer;
using std::chrono::milliseconds;
using testing::bulk;
using testing::comes_true;
using testing::patient_redis;

bool echoes(Redis& redis, const std::string& word, int times) {
  for (int i = 0; i < times; ++i) {
    if (bulk(redis, {"ECHO", word}) != word) return false;
  }
  return true;
}

TEST(RedisFork, AChildGoesOnWithTheSameObjectAndAConnectionOfItsOwn) {
  const RedisServer server;
  const auto redis = patient_redis(server.url());
  ASSERT_TRUE(echoes(*redis, "before", 1));
  Child child([&] { return echoes(*redis, "child", 200) ? 0 : 1; });
  EXPECT_TRUE(echoes(*redis, "parent", 200));
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(echoes(*redis, "after", 1));
  EXPECT_EQ(testing::info(*redis, "connected_clients"), "1");
}

TEST(RedisFork, AChildThatLetsTheClientGoEndsNoConnectionOfItsParents) {
  const RedisServer server;
  auto redis = patient_redis(server.url());
  ASSERT_TRUE(echoes(*redis, "before", 1));
  const std::string before = testing::info(*redis, "total_connections_received");
  Child child([&] {
    redis.reset();
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(testing::info(*redis, "total_connections_received"), before);
}

TEST(RedisFork, GoesWellWhileOtherThreadsAreInTheMiddleOfACall) {
  if (!bhashatts::testing::kAllocatorSurvivesFork) GTEST_SKIP() << "its allocator hangs";
  const RedisServer server;
  const auto redis = patient_redis(server.url());
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, word = "thread" + std::to_string(t)] {
      while (!done) wrong += echoes(*redis, word, 1) ? 0 : 1;
    });
  }
  for (int round = 0; round < 10; ++round) {
    Child child([&] { return echoes(*redis, "child", 10) ? 0 : 1; });
    EXPECT_EQ(child.wait(), 0);
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(RedisFork, AChildHasNoLeaseOfItsParents) {
  const RedisServer server;
  const auto redis = patient_redis(server.url());
  Leases leases(redis, "n:", milliseconds(300));
  auto held = leases.try_take("speech");
  Child child([&] {
    held.reset();
    auto own = leases.try_take("the child's");
    return own && !leases.try_take("speech") ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
  std::this_thread::sleep_for(milliseconds(600));
  EXPECT_EQ(redis->call({"EXISTS", "n:bhashatts:lease:speech"}).integer, 1);
  EXPECT_EQ(redis->call({"EXISTS", "n:bhashatts:lease:the child's"}).integer, 0);
}

TEST(RedisFork, ALeaseIsFreeSoonAfterItsHolderWasKilled) {
  const RedisServer server;
  const Pipe taken;
  Child holder([&] {
    Leases leases(patient_redis(server.url()), "n:", milliseconds(400));
    const auto held = leases.try_take("speech");
    taken.say();
    for (;;) ::pause();
    return 0;
  });
  ASSERT_TRUE(taken.hear());
  Leases leases(patient_redis(server.url()), "n:", milliseconds(400));
  EXPECT_FALSE(leases.try_take("speech"));
  holder.kill();
  EXPECT_TRUE(comes_true([&] { return leases.try_take("speech").has_value(); }));
}

// The parent forks while its prober begins.
TEST(RedisFork, AChildOfAProcessWhoseRedisIsDownLearnsThatItIsBack) {
  if (!bhashatts::testing::kAllocatorSurvivesFork) GTEST_SKIP() << "its allocator hangs";
  RedisServer server;
  const auto redis = patient_redis(server.url());
  server.kill();
  EXPECT_FALSE(testing::works(*redis));
  Child child([&] { return comes_true([&] { return testing::works(*redis); }) ? 0 : 1; });
  server.start();
  EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace bhashatts::redis
