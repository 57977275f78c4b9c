// How much a host's number may be at most, as c_plugins.h says: millions of the largest of them can
// be added up, so that no sum of theirs overflows and no budget is voided by one.
//
// Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "bhashatts/error.h"

namespace bhashatts::c {

inline constexpr std::int64_t kMostMicroUsd = 1'000'000'000'000;  // a million dollars
inline constexpr std::int64_t kMostMs = 1'000'000'000;            // eleven days
inline constexpr std::int64_t kMostEntries = 1'000'000'000'000;

// Raises bad_request.
inline std::int64_t amount_of(std::int64_t amount, std::int64_t most, const char* what) {
  if (amount >= 0 && amount <= most) return amount;
  throw Error(ErrorCode::bad_request, std::string(what) + " must be 0 to " + std::to_string(most));
}

inline std::int64_t nearest_amount(std::int64_t amount, std::int64_t most) noexcept {
  return std::clamp<std::int64_t>(amount, 0, most);
}

}  // namespace bhashatts::c
