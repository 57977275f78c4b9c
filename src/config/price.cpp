#include "config/price.h"

#include "config/values.h"

namespace bhashatts::config {
namespace {

constexpr std::int64_t kMost = 10'000'000'000;  // micro-dollars: a second times this is no overflow

std::int64_t* unit_of(Price& price, std::string_view name) {
  if (name == "second") return &price.per_second;
  if (name == "million-characters") return &price.per_million_characters;
  if (name == "call") return &price.per_call;
  return nullptr;
}

bool add(Price& price, std::string_view term) {
  const auto slash = term.find('/');
  if (slash == std::string_view::npos) return false;
  const auto amount = parse_micro_dollars(trimmed(term.substr(0, slash)));
  std::int64_t* unit = unit_of(price, trimmed(term.substr(slash + 1)));
  if (!amount || *amount > kMost || unit == nullptr || *unit != 0) return false;
  *unit = *amount;
  return true;
}

}  // namespace

std::optional<Price> parse_price(std::string_view value) {
  Price price;
  for (;;) {
    const auto plus = value.find('+');
    if (!add(price, value.substr(0, plus))) return std::nullopt;
    if (plus == std::string_view::npos) return price;
    value.remove_prefix(plus + 1);
  }
}

}  // namespace bhashatts::config
