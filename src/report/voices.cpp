// The languages and styles that requests may name.
#include "bhashatts/voices.h"
#include "base/json_text.h"
#include "bhashatts/json.h"

namespace bhashatts {
namespace {

JsonObject described(const Language& language, std::string_view profile) {
  JsonObject descriptions;
  for (const VoiceStyle& style : voice_styles()) {
    descriptions.add(style.name, get_voice_description(language.name, style.name, profile));
  }
  return JsonObject()
      .add("name", language.name)
      .add("label", language.label)
      .add("tag", language.tag)
      .add("script", language.script)
      .add("official", language.official)
      .add("speakers", JsonList::of(language.speakers))
      .add("recommended", JsonList::of(language.recommended))
      .add("descriptions", descriptions);
}

}  // namespace

std::string voices_json(std::string_view profile) {
  const auto language = [&](const Language& one) { return described(one, profile); };
  const auto style = [](const VoiceStyle& one) {
    return JsonObject().add("name", one.name).add("label", one.label);
  };
  return JsonObject()
      .add("voice_profile", profile)
      .add("languages", JsonList::of(languages(), language))
      .add("voice_styles", JsonList::of(voice_styles(), style))
      .text();
}

}  // namespace bhashatts
