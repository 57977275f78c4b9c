#include "cli/format.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace bhashatts::cli {
namespace {

TEST(Format, BytesChooseTheirUnit) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(48'200), "48.2 kB");
  EXPECT_EQ(bytes_text(2'147'483'648), "2.1 GB");
  EXPECT_EQ(bytes_text(5'000'000'000'000'000), "5000.0 TB");
}

TEST(Format, TimesChooseTheirUnit) {
  EXPECT_EQ(us_text(310), "310 us");
  EXPECT_EQ(us_text(12'345), "12.3 ms");
  EXPECT_EQ(ms_text(4'500), "4.5 s");
  EXPECT_EQ(ms_text(125'000), "2:05");
  EXPECT_EQ(clock_text(3'850), "1:04:10");
}

TEST(Format, MoneyKeepsItsSixDecimalsInJson) {
  EXPECT_EQ(usd_text(12'300), "$0.0123");
  EXPECT_EQ(nlohmann::json(usd(12'345'678)).dump(), "12.345678");
  EXPECT_EQ(nlohmann::json(usd(0)).dump(), "0.0");
}

}  // namespace
}  // namespace bhashatts::cli
