// What an upstream charges, as it is written in a setting.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bhashatts::config {

// Micro-dollars; what is charged is their sum.
struct Price {
  std::int64_t per_second = 0;
  std::int64_t per_million_characters = 0;
  std::int64_t per_call = 0;

  bool operator==(const Price&) const = default;
};

// "0.00012/second", "0.001/call + 15/million-characters": amounts as parse_micro_dollars has them,
// each unit at most once, each at most 10,000 dollars. Nothing for anything else.
std::optional<Price> parse_price(std::string_view value);

}  // namespace bhashatts::config
