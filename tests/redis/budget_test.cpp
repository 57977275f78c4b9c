#include "redis/budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <vector>

#include "tests/redis/redis_help.h"
#include "tests/support/redis_server.h"

namespace bhashatts::redis {
namespace {

using bhashatts::testing::RedisServer;
using testing::patient_redis;

constexpr const char* kMonth = "2026-11";

class RedisBudget : public ::testing::Test {
 protected:
  SharedBudget host() const { return {patient_redis(server_.url()), "n:"}; }

  RedisServer server_;
  std::shared_ptr<Redis> redis_ = patient_redis(server_.url());
  const std::string key_ = "n:bhashatts:budget:2026-11";
};

TEST_F(RedisBudget, GrantsWhatFitsAndNotAMicroDollarMore) {
  SharedBudget one = host();
  SharedBudget other = host();
  EXPECT_EQ(one.reserve(kMonth, 60, 100, 0), true);
  EXPECT_EQ(other.reserve(kMonth, 41, 100, 0), false);
  EXPECT_EQ(other.reserve(kMonth, 40, 100, 0), true);
  EXPECT_EQ(one.reserve(kMonth, 1, 100, 0), false);
  EXPECT_EQ(one.reserve(kMonth, 0, 100, 0), true);
  EXPECT_EQ(one.spent(kMonth), 100);
}

TEST_F(RedisBudget, SettlesEitherWay) {
  SharedBudget one = host();
  one.reserve(kMonth, 60, 100, 0);
  one.settle(kMonth, -25);
  EXPECT_EQ(one.spent(kMonth), 35);
  one.settle(kMonth, 5);
  EXPECT_EQ(one.spent(kMonth), 40);
  one.settle(kMonth, -1'000);
  EXPECT_EQ(one.spent(kMonth), 0);
}

TEST_F(RedisBudget, EachMonthAndNamespaceHasItsOwn) {
  SharedBudget one = host();
  SharedBudget another(redis_, "m:");
  EXPECT_EQ(one.reserve(kMonth, 100, 100, 0), true);
  EXPECT_EQ(one.reserve("2026-12", 100, 100, 0), true);
  EXPECT_EQ(another.reserve(kMonth, 100, 100, 0), true);
  EXPECT_EQ(one.spent("2026-10"), 0);
}

TEST_F(RedisBudget, ACounterThatWasLostStartsFromWhatIsKnown) {
  SharedBudget one = host();
  one.reserve(kMonth, 90, 100, 0);
  redis_->call({"FLUSHALL"});
  one.settle(kMonth, -10);
  EXPECT_EQ(one.spent(kMonth), 0);
  EXPECT_EQ(one.reserve(kMonth, 30, 100, 80), false);
  EXPECT_EQ(one.spent(kMonth), 80);
  EXPECT_EQ(one.reserve(kMonth, 20, 100, 80), true);
  redis_->call({"SET", key_, "nonsense"});
  EXPECT_EQ(one.reserve(kMonth, 1, 100, 100), false);
  EXPECT_EQ(one.spent(kMonth), 100);
}

TEST_F(RedisBudget, CountsLargeAmountsExactly) {
  SharedBudget one = host();
  constexpr std::int64_t kLarge = 123'456'789'012'345;  // a hundred million dollars
  EXPECT_EQ(one.reserve(kMonth, kLarge, std::numeric_limits<std::int64_t>::max(), 0), true);
  EXPECT_EQ(one.reserve(kMonth, 1, kLarge, 0), false);
  one.settle(kMonth, 1);
  EXPECT_EQ(one.spent(kMonth), kLarge + 1);
}

TEST_F(RedisBudget, IsForgottenLongAfterTheMonth) {
  host().reserve(kMonth, 60, 100, 0);
  const std::int64_t seconds = redis_->call({"TTL", key_}).integer;
  EXPECT_GT(seconds, 60 * 86'400);
  EXPECT_LE(seconds, 70 * 86'400);
  host().settle(kMonth, -60);
  EXPECT_GT(redis_->call({"TTL", key_}).integer, 60 * 86'400);
}

TEST_F(RedisBudget, WithoutRedisNothingIsSaid) {
  SharedBudget one = host();
  redis_->call({"LPUSH", key_, "x"});
  EXPECT_EQ(one.spent(kMonth), std::nullopt);
  EXPECT_EQ(one.reserve(kMonth, 1, 100, 0), std::nullopt);
  server_.kill();
  EXPECT_EQ(one.reserve(kMonth, 1, 100, 0), std::nullopt);
  EXPECT_EQ(one.spent(kMonth), std::nullopt);
  one.settle(kMonth, 5);
}

// Three of four calls come back cheaper than they were reserved, one is turned away now and then.
TEST_F(RedisBudget, TwoHostsWithEightThreadsEachNeverSpendMoreThanTheLimit) {
  SharedBudget hosts[] = {host(), host()};
  constexpr std::int64_t kLimit = 10'007;
  std::atomic<std::int64_t> held{0};
  std::atomic<std::int64_t> most{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        const std::int64_t amount = 7 + (i * 13 + t) % 50;
        if (hosts[t % 2].reserve(kMonth, amount, kLimit, 0) != true) continue;
        const std::int64_t now = held += amount;
        for (std::int64_t seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        const std::int64_t back = i % 4 == 0 ? 0 : amount / 2;
        held -= back;
        hosts[t % 2].settle(kMonth, -back);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, kLimit);
  EXPECT_EQ(host().spent(kMonth), held.load());
  EXPECT_GT(held.load(), kLimit - 60);
}

}  // namespace
}  // namespace bhashatts::redis
