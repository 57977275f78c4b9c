#include <gtest/gtest.h>

#include "cache/index.h"
#include "cache/lmdb_tier.h"
#include "tests/cache/tier_help.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::cache {
namespace {

using testing::bytes_below;
using testing::holds;
using testing::kDay;
using testing::key_number;
using testing::speech_number;
using testing::TempDir;
using testing::tier_options;

constexpr std::int64_t kBudget = 200'000;  // 200 speeches of 1,000 bytes

void put_all(LmdbTier& tier, std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t i = first; i < first + count; ++i) tier.put(speech_number(i), kDay);
  tier.flush();
}

int held(LmdbTier& tier, std::uint64_t first, std::uint64_t count) {
  int number = 0;
  for (std::uint64_t i = first; i < first + count; ++i) number += tier.get(key_number(i)) ? 1 : 0;
  tier.flush();
  return number;
}

TEST(Eviction, KeepsToItsBudget) {
  TempDir directory;
  auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
  put_all(*tier, 0, 500);
  EXPECT_LE(tier->stats().size_bytes, kBudget);
  EXPECT_GE(tier->stats().size_bytes, kBudget * 9 / 10);
  EXPECT_EQ(bytes_below(directory / "audio"), tier->stats().size_bytes);
  EXPECT_EQ(tier->stats().evictions, 500 - tier->stats().entries);
}

TEST(Eviction, AScanLeavesTheHotSetAlone) {
  TempDir directory;
  auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
  put_all(*tier, 0, 100);
  EXPECT_EQ(held(*tier, 0, 100), 100);  // asked for again: hot
  put_all(*tier, 1000, 2000);           // nobody asks for any of these again
  EXPECT_EQ(held(*tier, 0, 100), 100);
  EXPECT_LE(tier->stats().size_bytes, kBudget);
}

TEST(Eviction, WhatComesBackSoonIsTakenForGood) {
  TempDir directory;
  auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
  put_all(*tier, 0, 250);  // the first 50 went, and are ghosts
  ASSERT_EQ(held(*tier, 0, 40), 0);
  put_all(*tier, 0, 40);
  put_all(*tier, 1000, 1000);
  EXPECT_EQ(held(*tier, 0, 40), 40);
}

TEST(Eviction, DoesNotAdmitWhatWouldSweepTheCacheAway) {
  TempDir directory;
  auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
  bool told = false;
  tier->put(speech_number(1, kBudget / 16 + 1), kDay,
            [&](const std::optional<CacheEntry>& entry) { told = !entry; });
  tier->put(speech_number(2, kBudget / 16), kDay);
  tier->flush();
  EXPECT_TRUE(told);
  EXPECT_FALSE(tier->get(key_number(1)));
  EXPECT_TRUE(holds(*tier, 2, kBudget / 16));
  EXPECT_EQ(tier->stats().errors, 0);
}

TEST(Eviction, BoundsEntriesThatCostNoBytes) {
  TempDir directory;
  TempDir blobs;
  auto options = tier_options(directory.path());
  options.map_bytes = 2 << 20;  // room for 512 entries
  const std::string blob = (blobs / "blob").string();
  std::ofstream(blob) << testing::audio_number(1, 1000);
  options.blob_path = [&](const AudioMetadata&) { return blob; };
  auto tier = LmdbTier::open(options);
  put_all(*tier, 0, 1000);
  EXPECT_EQ(tier->stats().entries, 512);
  EXPECT_EQ(tier->stats().errors, 0);
}

TEST(Eviction, OrderSurvivesAReopening) {
  TempDir directory;
  {
    auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
    put_all(*tier, 0, 100);
    EXPECT_EQ(held(*tier, 0, 100), 100);
  }
  auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
  put_all(*tier, 1000, 1000);
  EXPECT_EQ(held(*tier, 0, 100), 100);
}

TEST(Eviction, HitsOfAHigherTierCount) {
  TempDir directory;
  auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
  put_all(*tier, 0, 50);
  for (std::uint64_t i = 0; i < 50; ++i) tier->touch(key_number(i));
  put_all(*tier, 1000, 1000);
  EXPECT_EQ(held(*tier, 0, 50), 50);
}

// What the index claims to hold is what its queues hold.
TEST(Eviction, SumsAgreeWithTheQueues) {
  TempDir directory;
  auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
  put_all(*tier, 0, 300);
  held(*tier, 200, 50);
  put_all(*tier, 250, 200);
  tier->erase(key_number(440));
  const auto index = Index::open({directory.path(), 64 << 20, false},
                                 LockFile::open(directory / "writers.lock"), Index::Depth::quick);
  const lmdb::ReadTxn txn(index->env());
  const Totals totals = index->totals(txn);
  lmdb::Cursor cursor(txn, index->dbi(Index::kFifo));
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  std::uint64_t ghosts = 0;
  for (bool more = cursor.first(); more; more = cursor.next()) {
    if (cursor.key().front() == 'g') {
      ++ghosts;
      continue;
    }
    ++count;
    bytes += lmdb::from_be64(cursor.value().substr(16));
  }
  EXPECT_EQ(totals.all_count(), count);
  EXPECT_EQ(totals.all_bytes(), bytes);
  EXPECT_EQ(totals.ghosts, ghosts);
  EXPECT_EQ(static_cast<std::int64_t>(count), txn.count(index->dbi(Index::kEntries)));
  EXPECT_EQ(static_cast<std::int64_t>(bytes), bytes_below(directory / "audio"));
}

}  // namespace
}  // namespace bhashatts::cache
