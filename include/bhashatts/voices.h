// The one registry of languages, styles, voice profiles and speakers.
//
// Thread rule: all functions may be called from any thread; the tables are built once and never
// change. What they return is valid for the life of the program.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/export.h"

namespace bhashatts {

struct Language {
  std::string name;                   // "HINDI": what requests say
  std::string label;                  // "Hindi"
  std::string tag;                    // BCP 47: "hi"
  std::string script;                 // ISO 15924: "Deva"
  bool official = false;              // officially supported by Indic Parler-TTS
  bool spoken = false;                // accepted in requests (six of them); others are roster only
  std::vector<std::string> speakers;  // names the model was trained on
  std::vector<std::string> recommended;  // by the model's card
};

struct VoiceStyle {
  std::string name;   // "storyteller"
  std::string label;  // "Storyteller (Warm & Engaging)"
};

inline constexpr std::string_view kDefaultLanguage = "HINDI";
inline constexpr std::string_view kDefaultVoiceStyle = "storyteller";

// Every language of the model's roster, in alphabetical order.
BHASHATTS_API std::span<const Language> all_languages();
// The languages that requests may name, in the guide's order.
BHASHATTS_API std::span<const Language> languages();
BHASHATTS_API std::span<const VoiceStyle> voice_styles();

// Null where there is none of that name. Strict: case matters.
BHASHATTS_API const Language* find_language(std::string_view name);
BHASHATTS_API const VoiceStyle* find_voice_style(std::string_view name);

// The names of the voice profiles: "guide", "roster" (the default).
BHASHATTS_API std::span<const std::string> voice_profiles();

// The English caption for a language and style. Keeps the guide's fallbacks: an unknown language
// gets Hindi's, an unknown style gets that language's storyteller. Raises config_invalid for an
// unknown profile. (Requests themselves are strict; this is a helper for people.)
BHASHATTS_API const std::string& get_voice_description(
    std::string_view language, std::string_view voice_style = kDefaultVoiceStyle,
    std::string_view profile = "roster");

}  // namespace bhashatts
