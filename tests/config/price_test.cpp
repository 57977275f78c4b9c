#include "config/price.h"

#include <gtest/gtest.h>

namespace bhashatts::config {
namespace {

TEST(Price, OfASecondIsReadToTheMicroDollar) {
  EXPECT_EQ(parse_price("0.00012/second"), (Price{.per_second = 120}));
  EXPECT_EQ(parse_price(" 1 / call "), (Price{.per_call = 1'000'000}));
}

TEST(Price, HasSeveralPartsThatAddUp) {
  EXPECT_EQ(parse_price("0.001/call + 15/million-characters+0.00012/second"),
            (Price{.per_second = 120, .per_million_characters = 15'000'000, .per_call = 1'000}));
}

TEST(Price, IsNothingElse) {
  for (const char* bad : {"", "5", "5/minute", "-1/call", "1/call + 2/call", "1/call +", "/call",
                          "0.0000001/second", "10001/second", "1e3/call", "1/call/call"}) {
    EXPECT_EQ(parse_price(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace bhashatts::config
