#include "bhashatts/error.h"
#include "tests/catalog/fixture.h"

namespace bhashatts::catalog {
namespace {

constexpr std::int64_t kNovember = 1'793'491'200'000;  // 2026-11-01 00:00 UTC
constexpr std::int64_t kDay = 86'400'000;

LedgerEntry attempt(std::int64_t at, std::int64_t amount) {
  LedgerEntry entry;
  entry.at = at;
  entry.amount_micro_usd = amount;
  entry.synthesizer = "fake";
  return entry;
}

TEST_F(CatalogTest, CountsAReservationAsSpentUntilItIsSettled) {
  const auto id = catalog->reserve(attempt(kNovember + kDay, 14'400));
  EXPECT_EQ(catalog->spent_micro_usd_since(kNovember), 14'400);
  EXPECT_EQ(catalog->totals().paid_attempts, 0);
  catalog->settle(id, attempt(0, 360));
  EXPECT_EQ(catalog->spent_micro_usd_since(kNovember), 360);
  EXPECT_EQ(catalog->totals().paid_attempts, 1);
  EXPECT_EQ(catalog->ledger(10).at(0).at, kNovember + kDay);
}

TEST_F(CatalogTest, SettlesTwiceAsOnce) {
  const auto id = catalog->reserve(attempt(kNovember, 100));
  catalog->settle(id, attempt(0, 40));
  catalog->settle(id, attempt(0, 40));
  EXPECT_EQ(catalog->totals().paid_micro_usd, 40);
  EXPECT_EQ(catalog->totals().paid_attempts, 1);
  EXPECT_EQ(catalog->spent_micro_usd_since(kNovember), 40);
}

TEST_F(CatalogTest, NeverLosesWhatAnUnknownReservationCost) {
  catalog->settle(4711, attempt(kNovember, 40));
  EXPECT_EQ(catalog->totals().paid_micro_usd, 40);
  EXPECT_EQ(catalog->ledger(10).size(), 1U);
}

TEST_F(CatalogTest, SumsByMonth) {
  catalog->settle(0, attempt(kNovember - 1, 1));
  catalog->settle(0, attempt(kNovember, 10));
  catalog->settle(0, attempt(kNovember + 29 * kDay, 100));
  catalog->settle(0, attempt(kNovember + 30 * kDay, 1000));
  EXPECT_EQ(catalog->spent_micro_usd_since(kNovember), 1110);
  EXPECT_EQ(catalog->spent_micro_usd_since(kNovember + 30 * kDay), 1000);
  EXPECT_EQ(catalog->spent_micro_usd_since(kNovember + 1), 1100);
  EXPECT_EQ(catalog->spent_micro_usd_since(0), 1111);
}

TEST_F(CatalogTest, RefusesWhatTheBudgetDoesNotAllow) {
  const auto id = catalog->reserve(attempt(kNovember, 60), 100);
  EXPECT_THROW(catalog->reserve(attempt(kNovember, 60), 100), Error);
  catalog->settle(id, attempt(0, 20));
  EXPECT_NO_THROW(catalog->reserve(attempt(kNovember, 60), 100));
  EXPECT_EQ(catalog->spent_micro_usd_since(kNovember), 80);
}

TEST_F(CatalogTest, ListsTheLedgerNewestFirst) {
  for (int i = 1; i <= 5; ++i) catalog->settle(0, attempt(kNovember + i, i));
  const auto entries = catalog->ledger(3);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].amount_micro_usd, 5);
  EXPECT_EQ(entries[2].amount_micro_usd, 3);
  EXPECT_GT(entries[0].id, entries[2].id);
}

TEST_F(CatalogTest, LeavesReservationsOfLiveCatalogsAlone) {
  catalog->reserve(attempt(kNovember, 100));
  const auto second = Catalog::open(options_for(directory()));
  EXPECT_EQ(second->orphan_reservations(), 0);
  catalog.reset();
  EXPECT_EQ(second->orphan_reservations(), 1);
  EXPECT_EQ(second->orphan_reservations(), 0);
  EXPECT_EQ(second->totals().paid_micro_usd, 100);
  EXPECT_EQ(second->ledger(1).at(0).state, AttemptState::orphaned);
}

}  // namespace
}  // namespace bhashatts::catalog
