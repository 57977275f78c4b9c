// Parsers of one value. Each takes the whole text or nothing of it ("5x" is no 5), and none knows
// the locale: std::from_chars and digits by hand, never strtod.
#include "config/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace bhashatts::config {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::int64_t kMicro = 1'000'000;
constexpr std::size_t kLongestPrefix = 200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view value) { return std::ranges::all_of(value, is_digit); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// What stands between quotes when nothing but blanks or a comment follows them.
std::optional<std::string_view> quoted(std::string_view value) {
  if (value.empty() || (value.front() != '"' && value.front() != '\'')) return std::nullopt;
  const auto end = value.find(value.front(), 1);
  if (end == std::string_view::npos) return std::nullopt;
  const auto rest = trimmed(value.substr(end + 1));
  if (!rest.empty() && rest.front() != '#') return std::nullopt;
  return value.substr(1, end - 1);
}

bool allowed_in_prefix(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '_' || c == '-';
}

bool allowed_part(std::string_view part) {
  return part != "." && part != ".." && std::ranges::all_of(part, allowed_in_prefix);
}

}  // namespace

std::string_view trimmed(std::string_view value) {
  const auto first = value.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(kBlanks) - first + 1);
}

bool has_control(std::string_view value) {
  return std::ranges::any_of(
      value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view bare_value(std::string_view value, bool comment) {
  value = trimmed(value);
  if (!comment) {
    const bool wrapped = value.size() >= 2 && value.front() == value.back() &&
                         (value.front() == '"' || value.front() == '\'');
    return wrapped ? trimmed(value.substr(1, value.size() - 2)) : value;
  }
  value = quoted(value).value_or(value);
  return trimmed(value.substr(0, value.find('#')));
}

std::optional<std::int64_t> parse_integer(std::string_view value) {
  if (value.starts_with('+')) {
    value.remove_prefix(1);
    if (value.starts_with('-')) return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  return number;
}

std::optional<bool> parse_bool(std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, bool>, 8> kSpellings{{{"true", true},
                                                                                {"false", false},
                                                                                {"1", true},
                                                                                {"0", false},
                                                                                {"yes", true},
                                                                                {"no", false},
                                                                                {"on", true},
                                                                                {"off", false}}};
  std::string folded(value);
  std::ranges::transform(folded, folded.begin(), lower);
  for (const auto& [spelling, meaning] : kSpellings) {
    if (folded == spelling) return meaning;
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse_micro_dollars(std::string_view value) {
  const auto point = value.find('.');
  const auto whole = value.substr(0, point);
  std::string decimals(point == std::string_view::npos ? "" : value.substr(point + 1));
  if (whole.empty() || whole.size() > 12 || decimals.size() > 6) return std::nullopt;
  if (!all_digits(whole) || !all_digits(decimals)) return std::nullopt;
  if (point != std::string_view::npos && decimals.empty()) return std::nullopt;
  decimals.append(6 - decimals.size(), '0');
  return *parse_integer(whole) * kMicro + *parse_integer(decimals);
}

std::string dollars(std::int64_t micro) {
  std::string decimals = std::to_string(kMicro + micro % kMicro).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return std::to_string(micro / kMicro) + (decimals.empty() ? "" : "." + decimals);
}

std::optional<std::string> parse_prefix(std::string_view value) {
  std::string prefix;
  while (!value.empty()) {
    const auto slash = value.find('/');
    const auto part = value.substr(0, slash);
    if (!allowed_part(part)) return std::nullopt;
    if (!part.empty()) prefix.append(part).push_back('/');
    value.remove_prefix(slash == std::string_view::npos ? value.size() : slash + 1);
  }
  return prefix.size() <= kLongestPrefix ? std::optional(prefix) : std::nullopt;
}

}  // namespace bhashatts::config
