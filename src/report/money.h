// Thread rule: a pure function.
#pragma once

#include <cstdint>

namespace bhashatts::report {

// Micro-dollars as a JSON number of dollars: the shortest digits of the nearest double are exactly
// the six decimals, for any amount below nine thousand million dollars.
inline double usd(std::int64_t micro_usd) { return static_cast<double>(micro_usd) / 1e6; }

}  // namespace bhashatts::report
