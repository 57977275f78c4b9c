#include "base/month.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace bhashatts {
namespace {

std::chrono::year_month_day date_of(std::int64_t unix_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(unix_ms)};
  return {std::chrono::floor<std::chrono::days>(at)};
}

}  // namespace

std::int64_t start_of_month_ms(std::int64_t unix_ms) {
  const auto date = date_of(unix_ms);
  const std::chrono::sys_days first(date.year() / date.month() / 1);
  return std::chrono::duration_cast<std::chrono::milliseconds>(first.time_since_epoch()).count();
}

std::int64_t month_number(std::int64_t unix_ms) {
  const auto date = date_of(unix_ms);
  return std::int64_t{static_cast<int>(date.year())} * 100 + static_cast<unsigned>(date.month());
}

std::string month_name(std::int64_t unix_ms) {
  const auto date = date_of(unix_ms);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()));
  return text.data();
}

}  // namespace bhashatts
