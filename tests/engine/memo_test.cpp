#include "engine/memo.h"

#include <gtest/gtest.h>

#include <thread>

namespace bhashatts::engine {
namespace {

PlanPtr plan_of(std::string text) {
  auto plan = std::make_shared<Plan>();
  plan->text = std::move(text);
  return plan;
}

constexpr RawRequest kRaw{"नमस्ते", "HINDI", "calm", AudioFormat::wav};

TEST(Memo, GivesBackThePlanOfTheSameRequest) {
  Memo memo;
  EXPECT_EQ(memo.find(kRaw), nullptr);
  const PlanPtr plan = plan_of("a");
  memo.put(kRaw, plan);
  EXPECT_EQ(memo.find(kRaw), plan);
}

TEST(Memo, EveryPartOfTheRequestCounts) {
  Memo memo;
  memo.put(kRaw, plan_of("a"));
  EXPECT_EQ(memo.find({"नमस्ते ", "HINDI", "calm", AudioFormat::wav}), nullptr);
  EXPECT_EQ(memo.find({"नमस्ते", "TAMIL", "calm", AudioFormat::wav}), nullptr);
  EXPECT_EQ(memo.find({"नमस्ते", "HINDI", "storyteller", AudioFormat::wav}), nullptr);
  EXPECT_EQ(memo.find({"नमस्ते", "HINDI", "calm", AudioFormat::flac}), nullptr);
}

TEST(Memo, LanguageAndStyleDoNotChangePlaces) {
  Memo memo;
  memo.put({"a", "x", "y", AudioFormat::wav}, plan_of("xy"));
  EXPECT_EQ(memo.find({"a", "y", "x", AudioFormat::wav}), nullptr);
}

TEST(Memo, ANewerPlanReplacesTheOlder) {
  Memo memo;
  memo.put(kRaw, plan_of("old"));
  const PlanPtr newer = plan_of("new");
  memo.put(kRaw, newer);
  EXPECT_EQ(memo.find(kRaw), newer);
}

TEST(Memo, ForgetsTheOldestWhereItIsFull) {
  Memo memo;
  const PlanPtr plan = plan_of("a");
  const std::string big(19'000, 'a');
  constexpr int kTexts = 3'000;  // 38 KB each: 114 MB, where 32 MiB are kept
  for (int i = 0; i < kTexts; ++i) memo.put({big + std::to_string(i), "H", "c", {}}, plan);
  int kept = 0;
  for (int i = 0; i < kTexts; ++i)
    kept += memo.find({big + std::to_string(i), "H", "c", {}}) != nullptr;
  EXPECT_GT(kept, 600);
  EXPECT_LE(kept, (32 << 20) / 38'000);
  EXPECT_NE(memo.find({big + std::to_string(kTexts - 1), "H", "c", {}}), nullptr);
  EXPECT_EQ(memo.find({big + "0", "H", "c", {}}), nullptr);
}

TEST(Memo, AClearedMemoKnowsNothing) {
  Memo memo;
  memo.put(kRaw, plan_of("a"));
  memo.clear();
  EXPECT_EQ(memo.find(kRaw), nullptr);
  memo.put(kRaw, plan_of("b"));
  EXPECT_NE(memo.find(kRaw), nullptr);
}

TEST(Memo, ServesManyThreads) {
  Memo memo;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&memo] {
      for (int i = 0; i < 2'000; ++i) {
        const std::string text = std::to_string(i % 50);
        memo.put({text, "H", "c", {}}, plan_of(text));
        const PlanPtr found = memo.find({text, "H", "c", {}});
        EXPECT_TRUE(!found || found->text == text);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace bhashatts::engine
