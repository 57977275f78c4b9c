#include "redis/lease.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "bhashatts/log.h"
#include "tests/redis/redis_help.h"
#include "tests/support/redis_server.h"

namespace bhashatts::redis {
namespace {

using bhashatts::testing::RedisServer;
using std::chrono::milliseconds;
using testing::bulk;
using testing::comes_true;
using testing::patient_redis;

class RedisLeases : public ::testing::Test {
 protected:
  Leases host(milliseconds lifetime = milliseconds(15'000)) const {
    return Leases(patient_redis(server_.url()), "n:", lifetime);
  }

  RedisServer server_;
  std::shared_ptr<Redis> redis_ = patient_redis(server_.url());
  const std::string key_ = "n:bhashatts:lease:speech";
};

TEST_F(RedisLeases, OnlyOneHostHasItUntilItLetsGo) {
  Leases one = host();
  Leases other = host();
  auto held = one.try_take("speech");
  EXPECT_TRUE(held);
  EXPECT_FALSE(other.try_take("speech"));
  EXPECT_FALSE(one.try_take("speech"));
  EXPECT_TRUE(other.try_take("other speech"));
  held.reset();
  EXPECT_EQ(redis_->call({"EXISTS", key_}).integer, 0);
  EXPECT_TRUE(other.try_take("speech"));
}

TEST_F(RedisLeases, GoesAlongWhenItIsMoved) {
  Leases one = host();
  auto held = one.try_take("speech");
  ASSERT_TRUE(held);
  {
    const Leases::Lease moved = std::move(*held);
    EXPECT_FALSE(host().try_take("speech"));
  }
  EXPECT_TRUE(host().try_take("speech"));
}

TEST_F(RedisLeases, OutlivesTheLeasesItCameFrom) {
  std::optional<Leases::Lease> held;
  {
    Leases one = host();
    held = one.try_take("speech");
  }
  EXPECT_FALSE(host().try_take("speech"));
  held.reset();
  EXPECT_TRUE(host().try_take("speech"));
}

TEST_F(RedisLeases, IsKeptBeyondItsLifetime) {
  Leases one = host(milliseconds(300));
  const auto held = one.try_take("speech");
  const std::string token = bulk(*redis_, {"GET", key_});
  const auto end = std::chrono::steady_clock::now() + milliseconds(1'200);
  while (std::chrono::steady_clock::now() < end) {
    EXPECT_EQ(bulk(*redis_, {"GET", key_}), token);
    std::this_thread::sleep_for(milliseconds(20));
  }
}

TEST_F(RedisLeases, ManyAreKeptByOneThread) {
  Leases one = host(milliseconds(600));
  std::vector<Leases::Lease> held;
  for (int i = 0; i < 50; ++i) held.push_back(*one.try_take(std::to_string(i)));
  std::this_thread::sleep_for(milliseconds(1'000));
  EXPECT_EQ(redis_->call({"DBSIZE"}).integer, 50);
  held.clear();
  EXPECT_EQ(redis_->call({"DBSIZE"}).integer, 0);
}

TEST_F(RedisLeases, LetsGoOnlyOfItsOwn) {
  Leases one = host();
  auto held = one.try_take("speech");
  redis_->call({"SET", key_, "another's token"});
  held.reset();
  EXPECT_EQ(bulk(*redis_, {"GET", key_}), "another's token");
}

TEST_F(RedisLeases, ALeaseThatWasLostIsNotedAndLeftAlone) {
  std::atomic<int> noted{0};
  set_log_sink([&](LogLevel, std::string_view component,
                   std::string_view) { noted += component == "redis.lease" ? 1 : 0; },
               LogLevel::warning);
  {
    Leases one = host(milliseconds(300));
    const auto held = one.try_take("speech");
    redis_->call({"SET", key_, "another's token"});
    EXPECT_TRUE(comes_true([&] { return noted > 0; }));
    EXPECT_EQ(redis_->call({"PTTL", key_}).integer, -1);
  }
  set_log_sink({});
  EXPECT_EQ(noted, 1);
}

TEST_F(RedisLeases, WithoutRedisEverybodyHasIt) {
  Leases one = host();
  Leases other = host();
  server_.kill();
  EXPECT_TRUE(one.try_take("speech"));
  EXPECT_TRUE(other.try_take("speech"));
}

TEST_F(RedisLeases, ARedisThatTakesNoWritesGrantsToAll) {
  redis_->call({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_TRUE(host().try_take("speech"));
  EXPECT_TRUE(host().try_take("speech"));
}

TEST_F(RedisLeases, ThirtyTwoThreadsOfTwoHostsShareOneLease) {
  Leases hosts[] = {host(), host()};
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 32; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const auto held = hosts[t % 2].try_take("speech");
        if (!held) continue;
        ++taken;
        const int now = ++inside;
        if (now > most) most = now;
        std::this_thread::yield();
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, 1);
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace bhashatts::redis
