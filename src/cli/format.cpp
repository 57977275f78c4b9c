#include "cli/format.h"

#include <array>
#include <cstdio>

namespace bhashatts::cli {
namespace {

std::string number(double value, int decimals, const char* unit) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.*f%s", decimals, value, unit);
  return buffer.data();
}

std::string two_digits(std::int64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

std::string bytes_text(std::int64_t bytes) {
  if (bytes < 1'000) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes);
  const char* unit = " B";
  for (const char* next : {" kB", " MB", " GB", " TB"}) {
    if (value < 1'000) break;
    value /= 1'000;
    unit = next;
  }
  return number(value, 1, unit);
}

std::string us_text(std::int64_t microseconds) {
  if (microseconds < 1'000) return std::to_string(microseconds) + " us";
  const double value = static_cast<double>(microseconds);
  if (microseconds < 1'000'000) return number(value / 1e3, 1, " ms");
  if (microseconds < 60'000'000) return number(value / 1e6, 1, " s");
  return clock_text(microseconds / 1'000'000);
}

std::string ms_text(std::int64_t milliseconds) { return us_text(milliseconds * 1'000); }

std::string clock_text(std::int64_t seconds) {
  const std::int64_t minutes = seconds / 60;
  const std::string tail = ":" + two_digits(seconds % 60);
  if (minutes < 60) return std::to_string(minutes) + tail;
  return std::to_string(minutes / 60) + ":" + two_digits(minutes % 60) + tail;
}

std::string usd_text(std::int64_t micro_usd) { return "$" + number(usd(micro_usd), 4, ""); }

double usd(std::int64_t micro_usd) { return static_cast<double>(micro_usd) / 1e6; }

}  // namespace bhashatts::cli
