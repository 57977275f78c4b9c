// The public tables, over the one roster that is compiled in.
#include "bhashatts/voices.h"
#include "voices/roster.h"

namespace bhashatts {
namespace {

const voices::Roster& roster() {
  static const voices::Roster parsed = voices::parse_roster(voices::embedded_roster());
  return parsed;
}

}  // namespace

std::span<const Language> all_languages() { return roster().all; }

std::span<const Language> languages() { return roster().spoken; }

std::span<const VoiceStyle> voice_styles() { return roster().styles; }

const Language* find_language(std::string_view name) { return roster().language(name); }

const VoiceStyle* find_voice_style(std::string_view name) { return roster().style(name); }

std::span<const std::string> voice_profiles() { return roster().profile_names; }

const std::string& get_voice_description(std::string_view language, std::string_view voice_style,
                                         std::string_view profile) {
  return roster().description(language, voice_style, profile);
}

}  // namespace bhashatts
