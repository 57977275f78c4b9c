// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace bhashatts::cli {

std::string bytes_text(std::int64_t bytes);      // "48.2 kB"
std::string us_text(std::int64_t microseconds);  // "310 us", "12.3 ms", "4.5 s", "2:05"
std::string ms_text(std::int64_t milliseconds);
std::string clock_text(std::int64_t seconds);  // "4:10", "1:04:10"
std::string usd_text(std::int64_t micro_usd);  // "$0.0123"

// Micro-dollars as a JSON number of dollars: the shortest digits of the nearest double are exactly
// the six decimals, for any amount below nine thousand million dollars.
double usd(std::int64_t micro_usd);

}  // namespace bhashatts::cli
