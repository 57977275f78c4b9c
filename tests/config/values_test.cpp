#include "config/values.h"

#include <gtest/gtest.h>

namespace bhashatts::config {
namespace {

TEST(Values, DollarsAreExact) {
  EXPECT_EQ(parse_micro_dollars("0"), 0);
  EXPECT_EQ(parse_micro_dollars("0.1"), 100'000);
  EXPECT_EQ(parse_micro_dollars("123456789012.000001"), 123'456'789'012'000'001);
  for (const char* bad : {"", ".", ".5", "5.", "1.0000000", "-1", "+1", "1e2", "1,5", "1 "}) {
    EXPECT_EQ(parse_micro_dollars(bad), std::nullopt) << bad;
  }
}

TEST(Values, DollarsAreWrittenWithoutNeedlessZeros) {
  EXPECT_EQ(dollars(0), "0");
  EXPECT_EQ(dollars(12'500'000), "12.5");
  EXPECT_EQ(dollars(1), "0.000001");
  EXPECT_EQ(dollars(1'000'000'000'000), "1000000");
}

TEST(Values, BooleansHaveEightSpellings) {
  for (const char* yes : {"true", "TRUE", "1", "Yes", "on"}) EXPECT_EQ(parse_bool(yes), true);
  for (const char* no : {"false", "False", "0", "NO", "off"}) EXPECT_EQ(parse_bool(no), false);
  for (const char* bad : {"", "y", "2", "truee", "null"}) EXPECT_EQ(parse_bool(bad), std::nullopt);
}

TEST(Values, IntegersAreDigitsAndASign) {
  EXPECT_EQ(parse_integer("-7"), -7);
  EXPECT_EQ(parse_integer("+7"), 7);
  EXPECT_EQ(parse_integer("007"), 7);
  for (const char* bad : {"", "-", "+", "+-7", "7 ", "7a", "9223372036854775808", "१२"}) {
    EXPECT_EQ(parse_integer(bad), std::nullopt) << bad;
  }
}

TEST(Values, QuotesAndCommentsComeOff) {
  EXPECT_EQ(bare_value("  x y ", false), "x y");
  EXPECT_EQ(bare_value("'x # y'", false), "x # y");
  EXPECT_EQ(bare_value("\"", false), "\"");
  EXPECT_EQ(bare_value("'5 # five'", true), "5");
  EXPECT_EQ(bare_value("\"5\"  # \"five\"", true), "5");
  EXPECT_EQ(bare_value("# nothing", true), "");
}

}  // namespace
}  // namespace bhashatts::config
