// The one table of settings: parsing, set(), to_json(), the checks and docs/settings.md all read
// it, so that a setting cannot exist in one of them only.
//
// Thread rule: pure functions over a table that is built once and never changes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bhashatts/config.h"

namespace bhashatts::config {

enum class Kind {
  text,     // any characters but control characters
  prefix,   // a namespace: see values.h
  choice,   // one of Setting::choices
  price,    // see price.h
  chain,    // see chain.h
  boolean,  //
  integer,  // whole number from least to most
  dollars,  // up to six decimals, kept as micro-dollars; least and most are micro-dollars
};

using Member = std::variant<std::string Config::*, std::int64_t Config::*, bool Config::*>;

struct Setting {
  std::string_view name;  // in JSON and for Config::set
  std::string_view env;
  Kind kind = Kind::text;
  Member member;
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::vector<std::string> choices;
  bool secret = false;
  std::string_view meaning;  // for docs/settings.md
};

std::span<const Setting> settings();
const Setting* find_by_name(std::string_view name);
const Setting* find_by_env(std::string_view env);

// Gives `setting` the value that `value` spells, without quotes or comments. An empty value means
// the default. Raises config_invalid with `called` as the setting's name, and without the value:
// whoever pastes a token into the wrong line must not find it in a log.
void assign(Config& config, const Setting& setting, std::string_view value,
            std::string_view called);

bool is_default(const Config& config, const Setting& setting);

// "a whole number from 1 to 315360000", for messages and docs.
std::string expected_form(const Setting& setting);

// For a Config whose fields a program filled by hand: raises config_invalid for what assign() would
// refuse, and brings the rest to the form that assign() keeps ("shop" becomes "shop/").
void validate(Config& config);

}  // namespace bhashatts::config
