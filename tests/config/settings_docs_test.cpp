#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "config/table.h"
#include "config/values.h"

namespace bhashatts::config {
namespace {

std::string default_of(const Setting& setting) {
  const Config defaults;
  return std::visit(
      [&](auto member) -> std::string {
        const auto& value = defaults.*member;
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, bool>) {
          return value ? "true" : "false";
        } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
          return value.empty() ? "" : "`" + value + "`";
        } else {
          return setting.kind == Kind::dollars ? dollars(value) : std::to_string(value);
        }
      },
      setting.member);
}

std::string form_of(const Setting& setting) {
  if (setting.kind == Kind::text) return "text";
  if (setting.kind == Kind::boolean) return "true or false";
  return expected_form(setting);
}

std::string row_of(const Setting& setting) {
  std::string meaning(setting.meaning);
  if (setting.secret) meaning += "; secret";
  return "| `" + std::string(setting.name) + "` | `" + std::string(setting.env) + "` | " +
         form_of(setting) + " | " + default_of(setting) + " | " + meaning + " |";
}

TEST(SettingsDocs, TellWhatTheTableTells) {
  std::ifstream file(BHASHATTS_SETTINGS_DOC);
  std::stringstream document;
  document << file.rdbuf();
  std::string expected;
  for (const Setting& setting : settings()) expected += row_of(setting) + "\n";
  EXPECT_NE(document.str().find(expected), std::string::npos)
      << "docs/settings.md must hold exactly these rows:\n"
      << expected;
}

TEST(SettingsTable, NamesAreUniqueAndFieldsAreReached) {
  for (const Setting& setting : settings()) {
    EXPECT_EQ(find_by_name(setting.name), &setting);
    EXPECT_EQ(find_by_env(setting.env), &setting);
    EXPECT_FALSE(setting.meaning.empty()) << setting.name;
  }
}

TEST(SettingsTable, DefaultsPassTheirOwnRules) {
  Config config;
  EXPECT_NO_THROW(validate(config));
}

}  // namespace
}  // namespace bhashatts::config
