// The parser trusts nothing, although the file is ours: what it lets through is spoken with other
// people's money, and whoever adds a language should hear at once what is wrong with it.
#include "voices/roster.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "bhashatts/error.h"

namespace bhashatts::voices {
namespace {

using Json = nlohmann::json;
using Speakers = std::map<std::string, ByStyle, std::less<>>;

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::config_invalid, "voice roster: " + what + "; correct roster.json");
}

void require_members(const Json& object, std::initializer_list<std::string_view> known,
                     const std::string& where) {
  if (!object.is_object()) fail(where + " is no object");
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(known, name) == known.end())
      fail(where + std::string(" has unknown '").append(name).append("'"));
  }
}

template <typename Item>
const Item* find_named(const std::vector<Item>& items, std::string_view name) {
  const auto found = std::ranges::find(items, name, &Item::name);
  return found == items.end() ? nullptr : &*found;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

template <typename Item>
void require_new(const std::vector<Item>& items, const std::string& name) {
  if (name.empty()) fail("a name is empty");
  if (find_named(items, name) != nullptr) fail("'" + name + "' stands there twice");
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

Language parse_language(const Json& json) {
  require_members(json, {"name", "label", "tag", "script", "official", "speakers", "recommended"},
                  "a language");
  Language language;
  json.at("name").get_to(language.name);
  json.at("label").get_to(language.label);
  json.at("tag").get_to(language.tag);
  json.at("script").get_to(language.script);
  json.at("official").get_to(language.official);
  json.at("speakers").get_to(language.speakers);
  json.at("recommended").get_to(language.recommended);
  for (const std::string& name : language.recommended) {
    if (!contains(language.speakers, name)) fail(language.name + " has no speaker " + name);
  }
  return language;
}

std::vector<Language> parse_languages(const Json& json) {
  std::vector<Language> languages;
  for (const Json& each : json) {
    Language language = parse_language(each);
    require_new(languages, language.name);
    languages.push_back(std::move(language));
  }
  return languages;
}

std::vector<VoiceStyle> parse_styles(const Json& json) {
  std::vector<VoiceStyle> styles;
  for (const Json& each : json) {
    require_members(each, {"name", "label"}, "a style");
    VoiceStyle style{each.at("name"), each.at("label")};
    require_new(styles, style.name);
    styles.push_back(std::move(style));
  }
  return styles;
}

std::vector<Language> mark_spoken(std::vector<Language>& all, const Json& names) {
  std::vector<Language> spoken;
  for (const std::string name : names) {
    const auto found = std::ranges::find(all, name, &Language::name);
    if (found == all.end()) fail("'spoken' names the unknown language '" + name + "'");
    require_new(spoken, name);
    found->spoken = true;
    spoken.push_back(*found);
  }
  return spoken;
}

// One profile of the file, as it is made ready: templates filled in for every language.
class ProfileParser {
 public:
  ProfileParser(const Json& json, const Roster& roster) : roster_(roster) {
    require_members(json, {"name", "about", "voices", "descriptions", "unnamed", "templates"},
                    "a profile");
    profile_.name = json.at("name").get<std::string>();
    read_optional(json, "voices", voices_);
    read_optional(json, "descriptions", sentences_);
    read_optional(json, "templates", templates_);
    read_optional(json, "unnamed", unnamed_);
  }

  Profile parse() {
    require_known();
    for (const Language& language : roster_.all) describe(language);
    if (!profile_.descriptions.contains(kDefaultLanguage)) {
      fail(where() + " has nothing for " + std::string(kDefaultLanguage));
    }
    return std::move(profile_);
  }

 private:
  template <typename Value>
  static void read_optional(const Json& json, const char* name, Value& to) {
    if (json.contains(name)) json.at(name).get_to(to);
  }

  std::string where() const { return "profile '" + profile_.name + "'"; }

  void require_known() const {
    for (const auto& [language, styles] : sentences_) require_known(language, styles);
    for (const auto& [language, styles] : voices_) require_known(language, styles);
    for (const auto& [style, sentence] : templates_) require_style(style);
  }

  void require_known(const std::string& language, const ByStyle& styles) const {
    if (roster_.language(language) == nullptr) {
      fail(where() + " names the unknown language '" + language + "'");
    }
    for (const auto& [style, value] : styles) require_style(style);
  }

  void require_style(const std::string& style) const {
    if (roster_.style(style) == nullptr) fail(where() + " names the unknown style '" + style + "'");
  }

  // All styles of a language, or none: then the guide's fallback to another language holds.
  void describe(const Language& language) {
    ByStyle by_style;
    for (const VoiceStyle& style : roster_.styles) {
      if (auto text = sentence(language, style)) by_style[style.name] = *std::move(text);
    }
    if (by_style.empty()) return;
    if (by_style.size() != roster_.styles.size()) {
      fail(where() + " lacks a style of " + language.name);
    }
    profile_.descriptions.emplace(language.name, std::move(by_style));
  }

  std::optional<std::string> sentence(const Language& language, const VoiceStyle& style) const {
    const std::string* pattern = find(sentences_, language.name, style.name);
    if (pattern == nullptr) {
      const auto found = templates_.find(style.name);
      if (found == templates_.end()) return std::nullopt;
      pattern = &found->second;
    }
    std::string text = *pattern;
    replace_all(text, "{speaker}", speaker(language, style));
    replace_all(text, "{language}", language.label);
    if (text.empty() || text.find_first_of("{}") != std::string::npos) {
      fail(where() + " has a sentence without words or with an unknown {placeholder} for " +
           language.name);
    }
    return text;
  }

  std::string speaker(const Language& language, const VoiceStyle& style) const {
    if (const std::string* chosen = find(voices_, language.name, style.name)) {
      if (!contains(language.speakers, *chosen)) fail(language.name + " has no speaker " + *chosen);
      return *chosen;
    }
    if (!language.recommended.empty()) return language.recommended.front();
    return language.speakers.empty() ? unnamed_ : language.speakers.front();
  }

  static const std::string* find(const Speakers& all, std::string_view language,
                                 std::string_view style) {
    const auto by_style = all.find(language);
    if (by_style == all.end()) return nullptr;
    const auto found = by_style->second.find(style);
    return found == by_style->second.end() ? nullptr : &found->second;
  }

  const Roster& roster_;
  Profile profile_;
  Speakers voices_;
  Speakers sentences_;
  ByStyle templates_;
  std::string unnamed_ = "The speaker";
};

Roster parse(const Json& json) {
  require_members(json, {"about", "spoken", "styles", "languages", "profiles"}, "the file");
  Roster roster;
  roster.styles = parse_styles(json.at("styles"));
  roster.all = parse_languages(json.at("languages"));
  roster.spoken = mark_spoken(roster.all, json.at("spoken"));
  if (roster.style(kDefaultVoiceStyle) == nullptr) fail("the default style is missing");
  for (const Json& each : json.at("profiles")) {
    Profile profile = ProfileParser(each, roster).parse();
    require_new(roster.profiles, profile.name);
    roster.profile_names.push_back(profile.name);
    roster.profiles.push_back(std::move(profile));
  }
  return roster;
}

}  // namespace

const Language* Roster::language(std::string_view name) const { return find_named(all, name); }

const VoiceStyle* Roster::style(std::string_view name) const { return find_named(styles, name); }

const std::string& Roster::description(std::string_view language_name, std::string_view style_name,
                                       std::string_view profile_name) const {
  const Profile* profile = find_named(profiles, profile_name);
  if (profile == nullptr) {
    std::string known;
    for (const std::string& name : profile_names) known += (known.empty() ? "" : ", ") + name;
    throw Error(ErrorCode::config_invalid, "unknown voice profile; use one of: " + known);
  }
  auto by_style = profile->descriptions.find(language_name);
  if (by_style == profile->descriptions.end())
    by_style = profile->descriptions.find(kDefaultLanguage);
  auto found = by_style->second.find(style_name);
  if (found == by_style->second.end()) found = by_style->second.find(kDefaultVoiceStyle);
  return found->second;
}

Roster parse_roster(std::string_view json) {
  try {
    return parse(Json::parse(json));
  } catch (const Json::exception& error) {
    fail(error.what());
  }
}

}  // namespace bhashatts::voices
