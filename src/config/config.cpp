#include "bhashatts/config.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/json_text.h"
#include "bhashatts/error.h"
#include "config/data_dir.h"
#include "config/nearest.h"
#include "config/table.h"
#include "config/values.h"

namespace bhashatts {
namespace {

using config::Kind;
using config::Setting;

constexpr std::string_view kOurPrefix = "BHASHATTS_";

// '#' begins a comment only where no value can hold one.
bool may_carry_comment(Kind kind) { return kind != Kind::text && kind != Kind::chain; }

void assign_spelled(Config& config, const Setting& setting, std::string_view value,
                    std::string_view called) {
  config::assign(config, setting, config::bare_value(value, may_carry_comment(setting.kind)),
                 called);
}

void refuse_unknown_variables() {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line(*entry);
    const auto name = line.substr(0, line.find('='));
    if (!name.starts_with(kOurPrefix) || config::find_by_env(name) != nullptr) continue;
    throw Error(ErrorCode::config_invalid,
                "unknown setting " + config::printable_name(name) + " in the environment" +
                    config::did_you_mean(name, &Setting::env) + "; correct or unset it");
  }
}

// A number: the shortest digits that give the same double are exact for any amount below 2^53
// micro. Under a hundredth of a cent they would carry an exponent, which from_json refuses: a
// string.
std::string shown_dollars(std::int64_t micro) {
  if (micro > 0 && micro < 100) return json_text(config::dollars(micro));
  return json_text(static_cast<double>(micro) / 1e6);
}

// As JSON.
std::string shown(const Config& config, const Setting& setting) {
  if (setting.name == "data_dir") return json_text(config::resolved_data_dir(config));
  return std::visit(
      [&](auto member) -> std::string {
        const auto& value = config.*member;
        if (setting.secret) {
          return json_text(std::string_view(config::is_default(config, setting) ? "" : "***"));
        }
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::int64_t>) {
          if (setting.kind == Kind::dollars) return shown_dollars(value);
        }
        return json_text(value);
      },
      setting.member);
}

}  // namespace

Config Config::from_environment() {
  refuse_unknown_variables();
  Config config;
  for (const Setting& setting : config::settings()) {
    const char* value = std::getenv(std::string(setting.env).c_str());
    if (value != nullptr) assign_spelled(config, setting, value, setting.env);
  }
  return config;
}

void Config::set(std::string_view name, std::string_view value) {
  const Setting* setting = config::find_by_name(name);
  if (setting == nullptr) {
    throw Error(ErrorCode::config_invalid, "unknown setting " + config::printable_name(name) +
                                               config::did_you_mean(name, &Setting::name));
  }
  assign_spelled(*this, *setting, value, setting->name);
}

std::string Config::to_json() const {
  JsonObject object;
  for (const Setting& setting : config::settings())
    object.add_text(setting.name, shown(*this, setting));
  return object.text();
}

}  // namespace bhashatts
