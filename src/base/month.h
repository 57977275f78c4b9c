// Months as the ledger counts them: UTC.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <string>

namespace bhashatts {

// Unix ms of the month's first moment.
std::int64_t start_of_month_ms(std::int64_t unix_ms);
// year * 100 + month.
std::int64_t month_number(std::int64_t unix_ms);
// "2026-11".
std::string month_name(std::int64_t unix_ms);

}  // namespace bhashatts
