// rooms: base voices config
//
// The input is tried as a JSON document and, when it is "name=value", as one setting. Whatever is
// accepted must pass its own rules, show as JSON that parses, and show no secret.
#include <nlohmann/json.hpp>
#include <string_view>

#include "bhashatts/config.h"
#include "bhashatts/error.h"
#include "config/table.h"

namespace {

using bhashatts::Config;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void inspect(Config config) {
  bhashatts::config::validate(config);
  const auto shown = nlohmann::json::parse(config.to_json());
  for (const auto& setting : bhashatts::config::settings()) {
    const auto& value = shown.at(std::string(setting.name));
    require(!setting.secret || value == "***" || value == "");
  }
}

template <typename Call>
void only_config_invalid(Call call) {
  try {
    call();
  } catch (const bhashatts::Error& error) {
    require(error.code() == bhashatts::ErrorCode::config_invalid);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  only_config_invalid([&] { inspect(Config::from_json(input)); });
  if (const auto equals = input.find('='); equals != std::string_view::npos) {
    only_config_invalid([&] {
      Config config;
      config.set(input.substr(0, equals), input.substr(equals + 1));
      inspect(config);
    });
  }
  return 0;
}
