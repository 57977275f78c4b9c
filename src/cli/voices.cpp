#include <unistd.h>

#include <algorithm>
#include <memory>

#include "bhashatts/json.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/table.h"

namespace bhashatts::cli {
namespace {

constexpr std::string_view kDefaultProfile = "roster";

std::string speakers_text(const Language& language) {
  std::string text;
  for (const std::string& speaker : language.speakers) {
    const bool recommended = std::ranges::count(language.recommended, speaker) > 0;
    text += (text.empty() ? "" : ", ") + speaker + (recommended ? "*" : "");
  }
  return text;
}

std::string for_people(std::string_view profile, int width) {
  std::string text;
  for (const Language& language : languages()) {
    text += language.name + "  " + language.label + " (" + language.tag + ")\n";
    Table table("  ");
    table.row({"speakers", speakers_text(language)});
    for (const VoiceStyle& style : voice_styles()) {
      table.row({style.name, get_voice_description(language.name, style.name, profile)});
    }
    text += table.text(width) + "\n";
  }
  return text + "Voice profile: " + std::string(profile) + ". * recommended by the model's card.\n";
}

int voices(const Session& session, const std::string& asked) {
  const std::string configured = load_config(session).voice_profile;
  std::string profile = asked.empty() ? configured : asked;
  if (profile.empty()) profile = kDefaultProfile;
  session.json
      ? print(voices_json(profile) + "\n")
      : print(for_people(profile, stdout_is_terminal() ? terminal_width(STDOUT_FILENO) : 0));
  return 0;
}

}  // namespace

void add_voices(CLI::App& app, Session& session) {
  auto profile = std::make_shared<std::string>();
  CLI::App* command =
      add_command(app, session, "voices", "Languages, styles, speakers and voice descriptions");
  command->add_option("--profile", *profile, "guide or roster; else as configured")
      ->type_name("NAME");
  command->callback(
      [&session, profile] { session.run = [&, profile] { return voices(session, *profile); }; });
}

}  // namespace bhashatts::cli
