// The roster file, parsed: all that is known about languages, styles, speakers and voices.
//
// Thread rule: a Roster is immutable once parsed; any thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/voices.h"

namespace bhashatts::voices {

using ByStyle = std::map<std::string, std::string, std::less<>>;

struct Profile {
  std::string name;
  std::map<std::string, ByStyle, std::less<>> descriptions;  // by language, speakers filled in
};

struct Roster {
  std::vector<Language> all;     // in the file's order, which is alphabetical
  std::vector<Language> spoken;  // in the order of the file's list
  std::vector<VoiceStyle> styles;
  std::vector<Profile> profiles;
  std::vector<std::string> profile_names;

  const Language* language(std::string_view name) const;
  const VoiceStyle* style(std::string_view name) const;
  // With the guide's fallbacks. Raises config_invalid for an unknown profile.
  const std::string& description(std::string_view language, std::string_view style,
                                 std::string_view profile) const;
};

// Strict: an unknown member, a speaker whom the language does not have, a style without a sentence
// or a placeholder left over raises config_invalid, and the message names it.
Roster parse_roster(std::string_view json);

// src/voices/roster.json as it was compiled in.
std::string_view embedded_roster() noexcept;

}  // namespace bhashatts::voices
