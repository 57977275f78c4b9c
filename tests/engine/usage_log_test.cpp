#include "engine/usage_log.h"

#include <gtest/gtest.h>

#include <thread>

namespace bhashatts::engine {
namespace {

constexpr Key kKey{{1}};
constexpr Key kOtherKey{{2}};

PlanPtr plan_of(const Key& key) {
  auto plan = std::make_shared<Plan>();
  plan->language = find_language("HINDI");
  plan->voice_style = find_voice_style("calm");
  plan->text_length = 12;
  plan->speech_key = key;
  return plan;
}

Speech speech_of(const Key& key, Origin origin, std::int64_t cost = 0) {
  auto metadata = std::make_shared<AudioMetadata>();
  metadata->key = key;
  metadata->generation_cost_micro_usd = cost;
  return {SharedBytes(), metadata, origin};
}

class UsageLogTest : public ::testing::Test {
 protected:
  void hit(const SpeechRequest& request, Origin origin = Origin::memory,
           std::int64_t elapsed_us = 10, const Key& key = kKey) {
    const Speech speech = speech_of(key, origin, 500);
    log.add({request, plan_of(key), &speech, nullptr, elapsed_us});
  }
  UsageLog log;
};

TEST_F(UsageLogTest, RequestsAlikeAreOneRow) {
  hit({.text = "a", .user_id = "asha"}, Origin::memory, 10);
  hit({.text = "a", .user_id = "asha"}, Origin::memory, 30);
  EXPECT_EQ(log.size(), 1U);
  const auto rows = log.take();
  ASSERT_EQ(rows.size(), 1U);
  const Usage& usage = rows[0].row.usage;
  EXPECT_EQ(usage.requests, 2);
  EXPECT_EQ(usage.response_time_us, 20);
  EXPECT_EQ(usage.user_id, "asha");
  EXPECT_EQ(usage.origin, "memory");
  EXPECT_EQ(usage.text_length, 12);
  EXPECT_TRUE(usage.was_cached);
  EXPECT_EQ(usage.estimated_cost_micro_usd, 0);
}

TEST_F(UsageLogTest, WhatDiffersIsARowOfItsOwn) {
  hit({.text = "a"});
  hit({.text = "a", .user_id = "asha"});
  hit({.text = "a", .user_id = "meera"});
  hit({.text = "a", .story_id = "moon", .page_number = 1});
  hit({.text = "a", .story_id = "moon", .page_number = 2});
  hit({.text = "a"}, Origin::lmdb);
  hit({.text = "a"}, Origin::memory, 10, kOtherKey);
  EXPECT_EQ(log.take().size(), 7U);
  EXPECT_EQ(log.size(), 0U);
  EXPECT_TRUE(log.take().empty());
}

TEST_F(UsageLogTest, WhoSynthesizedPays) {
  hit({.text = "a"}, Origin::synthesized);
  hit({.text = "a"}, Origin::joined);
  for (const auto& pending : log.take()) {
    const Usage& usage = pending.row.usage;
    EXPECT_EQ(usage.status, UsageStatus::success);
    EXPECT_FALSE(usage.was_cached);
    EXPECT_EQ(usage.estimated_cost_micro_usd, usage.origin == "synthesized" ? 500 : 0);
  }
}

TEST_F(UsageLogTest, AFailureIsKeptWithItsMessage) {
  const Error error(ErrorCode::upstream_failed, "no voice");
  log.add({{.text = "a"}, plan_of(kKey), nullptr, &error, 5});
  const auto rows = log.take();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].row.usage.status, UsageStatus::error);
  EXPECT_EQ(rows[0].row.usage.error_message, "no voice");
  EXPECT_EQ(rows[0].row.usage.speech_key, kKey);
  EXPECT_FALSE(rows[0].row.usage.was_cached);
}

TEST_F(UsageLogTest, NothingIsLostBetweenThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 2'000; ++i) hit({.text = "a", .user_id = std::to_string(i % 7)});
    });
  }
  std::int64_t requests = 0;
  const auto count = [&] {
    for (const auto& pending : log.take()) requests += pending.row.usage.requests;
  };
  for (int i = 0; i < 100; ++i) count();
  for (std::thread& thread : threads) thread.join();
  count();
  EXPECT_EQ(requests, 8'000);
}

}  // namespace
}  // namespace bhashatts::engine
