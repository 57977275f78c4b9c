#include "cli/progress.h"

#include <gtest/gtest.h>

#include "cli/table.h"

namespace bhashatts::cli {
namespace {

PrewarmProgress at(std::int64_t done, std::int64_t total, std::int64_t elapsed_ms) {
  PrewarmProgress progress;
  progress.pages_total = total;
  progress.pages_done = done;
  progress.pages_cached = 10;
  progress.pages_generated = done - 10;
  progress.elapsed_ms = elapsed_ms;
  return progress;
}

TEST(ProgressBar, ShowsDoneRateTimeLeftAndOutcomes) {
  const Terminal terminal{.rewrites = true, .unicode = false, .width = 72};
  EXPECT_EQ(bar_line(at(40, 100, 1'000), 2.5, terminal),
            "[########-------------] 40/100 2.5/s left 0:24 hits 10 made 30 failed 0");
}

TEST(ProgressBar, NeverReachesTheLastColumn) {
  for (int width = 1; width < 200; ++width) {
    for (const bool unicode : {false, true}) {
      const Terminal terminal{.rewrites = true, .unicode = unicode, .width = width};
      const auto line = bar_line(at(4'000, 4'309, 1'000), 123.4, terminal);
      EXPECT_LT(columns(line), static_cast<std::size_t>(std::max(width, 2)));
    }
  }
}

TEST(ProgressBar, DropsTheBarBeforeTheNumbers) {
  const Terminal terminal{.rewrites = true, .unicode = false, .width = 30};
  EXPECT_EQ(bar_line(at(40, 100, 1'000), 2.5, terminal), "40/100 2.5/s left 0:24");
}

TEST(ProgressBar, IsPlainWhereTheTerminalIs) {
  Terminal terminal{.rewrites = true, .unicode = true, .width = 80};
  EXPECT_NE(bar_line(at(50, 100, 1), 1, terminal).find("█"), std::string::npos);
  terminal.unicode = false;
  for (const char c : bar_line(at(50, 100, 1), 1, terminal)) EXPECT_GT(c, 0);
}

TEST(ProgressLine, NamesRejectedPagesOnlyWhereThereAreSome) {
  PrewarmProgress progress = at(50, 100, 1);
  EXPECT_EQ(plain_line(progress, 0), "prewarm: 50/100 0.0/s left -:-- hits 10 made 40 failed 0");
  progress.pages_rejected = 3;
  EXPECT_TRUE(plain_line(progress, 0).ends_with("rejected 3"));
}

TEST(ProgressLine, AnImportNamesItsOwnOutcomes) {
  const ImportProgress progress{.rows_done = 20,
                                .rows_adopted = 12,
                                .rows_already_there = 5,
                                .rows_left_out = 3,
                                .rows_failed = 0,
                                .elapsed_ms = 1'000};
  EXPECT_EQ(plain_line({progress, 40}, 10),
            "import: 20/40 10.0/s left 0:02 adopted 12 there 5 left out 3 failed 0");
}

TEST(ProgressBar, HasNoEndWhereTheTotalIsNotKnown) {
  const Terminal terminal{.rewrites = true, .unicode = false, .width = 120};
  EXPECT_EQ(bar_line({ImportProgress{.rows_done = 20}, -1}, 10, terminal),
            "20 10.0/s adopted 0 there 0 left out 0 failed 0");
}

TEST(RateMeter, ForgetsTheHitsAtTheBeginning) {
  RateMeter rate;
  EXPECT_EQ(rate.per_second(), 0);
  for (std::int64_t ms = 0; ms <= 1'000; ms += 100) rate.sample(ms, ms);  // 1000 a second
  EXPECT_NEAR(rate.per_second(), 1'000, 1);
  for (std::int64_t ms = 2'000; ms <= 60'000; ms += 1'000) rate.sample(ms, 1'000 + ms / 500);
  EXPECT_NEAR(rate.per_second(), 2, 0.1);
}

TEST(PlainPace, SpeaksAtTenthsButNotTooOften) {
  PlainPace pace;
  EXPECT_FALSE(pace.due(at(50, 100, 1'000)));
  EXPECT_TRUE(pace.due(at(51, 100, 5'000)));
  EXPECT_FALSE(pace.due(at(95, 100, 6'000)));
  EXPECT_FALSE(pace.due(at(52, 100, 11'000)));
  EXPECT_TRUE(pace.due(at(53, 100, 35'000)));
}

}  // namespace
}  // namespace bhashatts::cli
