#include "cache/memory_tier.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/files.h"
#include "tests/cache/tier_help.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::cache {
namespace {

using testing::kDay;
using testing::key_number;
using testing::speech_number;
using testing::TempDir;

class MemoryTierTest : public ::testing::Test {
 protected:
  TempDir directory_;
  std::shared_ptr<SharedCounter> generation_ =
      std::make_shared<SharedCounter>(directory_ / "generation");
};

TEST_F(MemoryTierTest, GivesBackTheSameBytesWithoutACopy) {
  MemoryTier tier(generation_, 100);
  const CacheEntry speech = speech_number(1);
  tier.put(speech, kDay, generation_->read());
  const auto hit = tier.get(key_number(1));
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->audio.data(), speech.audio.data());
  EXPECT_EQ(*hit->metadata, *speech.metadata);
  EXPECT_FALSE(tier.get(key_number(2)));
  EXPECT_EQ(tier.stats().hits, 1);
  EXPECT_EQ(tier.stats().misses, 1);
}

TEST_F(MemoryTierTest, ForgetsWhenItsTimeIsUp) {
  MemoryTier tier(generation_, 100);
  tier.put(speech_number(1), std::chrono::seconds(0), generation_->read());
  EXPECT_FALSE(tier.get(key_number(1)));
  EXPECT_EQ(tier.stats().entries, 0);
}

TEST_F(MemoryTierTest, DropsAllWhenTheGenerationMoves) {
  MemoryTier tier(generation_, 1000);
  for (std::uint64_t i = 0; i < 200; ++i) tier.put(speech_number(i), kDay, generation_->read());
  SharedCounter elsewhere(directory_ / "generation");
  elsewhere.raise();
  for (std::uint64_t i = 0; i < 200; ++i) EXPECT_FALSE(tier.get(key_number(i)));
  EXPECT_EQ(tier.stats().size_bytes, 0);
}

TEST_F(MemoryTierTest, DoesNotKeepWhatWasLookedUpBeforeTheGenerationMoved) {
  MemoryTier tier(generation_, 100);
  const std::uint64_t before = generation_->read();
  generation_->raise();
  tier.put(speech_number(1), kDay, before);
  EXPECT_FALSE(tier.get(key_number(1)));
}

TEST_F(MemoryTierTest, HoldsNoMoreEntriesThanItMay) {
  for (const std::int64_t most : {1, 50, 1024}) {
    MemoryTier tier(generation_, most);
    for (std::uint64_t i = 0; i < 3000; ++i) tier.put(speech_number(i, 10), kDay, 0);
    EXPECT_LE(tier.stats().entries, most);
    EXPECT_GE(tier.stats().entries, most * 9 / 10);
    EXPECT_EQ(tier.stats().size_bytes, tier.stats().entries * 10);
  }
}

TEST_F(MemoryTierTest, KeepsNothingWhereItMayHoldNothing) {
  MemoryTier tier(generation_, 0);
  tier.put(speech_number(1), kDay, 0);
  EXPECT_FALSE(tier.get(key_number(1)));
}

TEST_F(MemoryTierTest, SparesWhatWasAskedFor) {
  MemoryTier tier(generation_, 20);
  for (std::uint64_t i = 0; i < 20; ++i) tier.put(speech_number(i), kDay, 0);
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_TRUE(tier.get(key_number(i)));
  for (std::uint64_t i = 100; i < 110; ++i) tier.put(speech_number(i), kDay, 0);
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_TRUE(tier.get(key_number(i))) << i;
}

TEST_F(MemoryTierTest, BoundsWhatIsNotMapped) {
  MemoryTier tier(generation_, 8192);
  const SharedBytes large = SharedBytes::adopt(std::string(20 << 20, 'a'));
  for (std::uint64_t i = 0; i < 40; ++i) {
    CacheEntry entry = speech_number(i);
    entry.audio = large;
    tier.put(entry, kDay, 0);
  }
  EXPECT_LE(tier.stats().size_bytes, std::int64_t{256} << 20);
  EXPECT_GE(tier.stats().entries, 10);
}

TEST_F(MemoryTierTest, CountsMappedBytesAsFree) {
  MemoryTier tier(generation_, 8192);
  const std::string audio(20 << 20, 'a');
  write_new_file(directory_ / "audio", std::as_bytes(std::span(audio)), Sync::none);
  const auto mapped = map_file(directory_ / "audio");
  for (std::uint64_t i = 0; i < 40; ++i) {
    CacheEntry entry = speech_number(i);
    entry.audio = *mapped;
    tier.put(entry, kDay, 0);
  }
  EXPECT_EQ(tier.stats().entries, 40);
}

TEST_F(MemoryTierTest, ErasesAndClears) {
  MemoryTier tier(generation_, 100);
  for (std::uint64_t i = 0; i < 10; ++i) tier.put(speech_number(i), kDay, 0);
  tier.erase(key_number(3));
  EXPECT_FALSE(tier.get(key_number(3)));
  EXPECT_TRUE(tier.get(key_number(4)));
  tier.clear();
  EXPECT_FALSE(tier.get(key_number(4)));
}

TEST_F(MemoryTierTest, IsSafeFromManyThreads) {
  MemoryTier tier(generation_, 64);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 2000; ++i) {
        const std::uint64_t number = (i * 7 + t) % 100;
        tier.put(speech_number(number, 16), kDay, generation_->read());
        const auto hit = tier.get(key_number(number));
        if (hit && hit->metadata->key != key_number(number)) ++wrong;
        if (i % 500 == 0) generation_->raise();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(tier.stats().entries, 64);
}

}  // namespace
}  // namespace bhashatts::cache
