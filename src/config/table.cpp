#include "config/table.h"

#include <algorithm>

#include "bhashatts/error.h"
#include "config/chain.h"
#include "config/price.h"
#include "config/rows.h"
#include "config/values.h"

namespace bhashatts::config {
namespace {

constexpr std::size_t kLongestText = 4'096;

[[noreturn]] void refuse(const Setting& setting, std::string_view called) {
  throw Error(ErrorCode::config_invalid,
              std::string(called) + " must be " + expected_form(setting));
}

bool in_range(const Setting& setting, std::int64_t value) {
  return value >= setting.least && value <= setting.most;
}

// What `value` means for a setting that is kept as text; nothing where it is malformed.
std::optional<std::string> parse_text(const Setting& setting, std::string_view value) {
  if (value.size() > kLongestText || has_control(value)) return std::nullopt;
  if (setting.kind == Kind::prefix) return parse_prefix(value);
  if (setting.kind == Kind::price && !parse_price(value)) return std::nullopt;
  if (setting.kind == Kind::chain && !parse_chain(value)) return std::nullopt;
  if (setting.kind != Kind::choice) return std::string(setting.secret ? trimmed(value) : value);
  const bool known = std::ranges::find(setting.choices, value) != setting.choices.end();
  return known ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<std::int64_t> parse_number(const Setting& setting, std::string_view value) {
  const auto number =
      setting.kind == Kind::dollars ? parse_micro_dollars(value) : parse_integer(value);
  return number && in_range(setting, *number) ? number : std::nullopt;
}

// The three kinds of member, each with its parser.
struct Assigner {
  Config& config;
  const Setting& setting;
  std::string_view value;
  std::string_view called;

  void operator()(std::string Config::*member) const { store(member, parse_text(setting, value)); }
  void operator()(std::int64_t Config::*member) const {
    store(member, parse_number(setting, value));
  }
  void operator()(bool Config::*member) const { store(member, parse_bool(value)); }

  template <typename T>
  void store(T Config::*member, std::optional<T> parsed) const {
    if (!parsed) refuse(setting, called);
    config.*member = *std::move(parsed);
  }
};

struct Validator {
  Config& config;
  const Setting& setting;

  void operator()(std::string Config::*member) const {
    const std::string value = config.*member;
    assign(config, setting, value, setting.name);
  }
  void operator()(std::int64_t Config::*member) const {
    if (!in_range(setting, config.*member)) refuse(setting, setting.name);
  }
  void operator()(bool Config::*) const {}
};

std::string joined(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
  return list;
}

template <typename Field>
const Setting* find(std::string_view wanted, Field Setting::*field) {
  const auto rows = settings();
  const auto found = std::ranges::find(rows, wanted, field);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::span<const Setting> settings() {
  static const std::vector<Setting> table = all_rows();
  return table;
}

const Setting* find_by_name(std::string_view name) { return find(name, &Setting::name); }
const Setting* find_by_env(std::string_view env) { return find(env, &Setting::env); }

void assign(Config& config, const Setting& setting, std::string_view value,
            std::string_view called) {
  if (trimmed(value).empty()) {
    std::visit([&](auto member) { config.*member = Config{}.*member; }, setting.member);
    return;
  }
  std::visit(Assigner{config, setting, value, called}, setting.member);
}

bool is_default(const Config& config, const Setting& setting) {
  return std::visit([&](auto member) { return config.*member == Config{}.*member; },
                    setting.member);
}

std::string expected_form(const Setting& setting) {
  switch (setting.kind) {
    case Kind::text: return "text without control characters, at most 4096 bytes";
    case Kind::prefix:
      return "letters, digits, '.', '_', '-' and '/', without '.' or '..' between slashes, at most "
             "200 bytes";
    case Kind::price:
      return "US dollars per second, call or million-characters, such as 0.00012/second or "
             "0.001/call + 15/million-characters";
    case Kind::chain:
      return "synthesizers in order, each with its address where it has one, such as "
             "gradio=https://host, espeak";
    case Kind::choice: return "one of: " + joined(setting.choices);
    case Kind::boolean: return "true or false (or 1, 0, yes, no, on, off)";
    case Kind::integer:
      return "a whole number from " + std::to_string(setting.least) + " to " +
             std::to_string(setting.most);
    case Kind::dollars:
      return "US dollars with at most six decimals, from " + dollars(setting.least) + " to " +
             dollars(setting.most);
  }
  return {};
}

void validate(Config& config) {
  for (const Setting& setting : settings()) std::visit(Validator{config, setting}, setting.member);
}

}  // namespace bhashatts::config
