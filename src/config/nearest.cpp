#include "config/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace bhashatts::config {
namespace {

constexpr std::size_t kLongestName = 64;

// Levenshtein distance, one row at a time.
std::size_t edits(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(std::string_view unknown, std::string_view Setting::*field) {
  if (unknown.size() > kLongestName) return {};
  std::string_view best;
  std::size_t fewest = 2 + unknown.size() / 4;  // further away is no typing error
  for (const Setting& setting : settings()) {
    const std::size_t distance = edits(unknown, setting.*field);
    if (distance >= fewest) continue;
    fewest = distance;
    best = setting.*field;
  }
  return best.empty() ? "" : " (did you mean " + std::string(best) + "?)";
}

std::string printable_name(std::string_view name) {
  std::string shown(name.substr(0, kLongestName));
  std::ranges::replace_if(
      shown, [](char c) { return c < 0x21 || c == 0x7f; }, '?');
  return shown + (name.size() > kLongestName ? "..." : "");
}

}  // namespace bhashatts::config
