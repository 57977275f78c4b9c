#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/speech.h"

namespace bhashatts::cli {
namespace {

struct Forget {
  std::optional<std::string> text;
  std::optional<std::string> user;
};

// Nothing to forget is no failure: what was asked for holds.
int forget(const Session& session, const Forget& arguments) {
  const std::string text = arguments.text ? read_text(*arguments.text) : "";
  TtsEngine engine = open_engine(session);
  const ForgetReport report =
      arguments.text ? engine.forget_text(text) : engine.forget_user(*arguments.user);
  if (session.json) {
    print_json({{"speeches", report.speeches},
                {"utterances", report.utterances},
                {"usage_events", report.usage_events}});
  } else {
    print("forgot " + std::to_string(report.speeches) + " speeches, " +
          std::to_string(report.utterances) + " utterances, " +
          std::to_string(report.usage_events) + " usage events\n");
  }
  return 0;
}

}  // namespace

void add_forget(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<Forget>();
  CLI::App* command =
      add_command(app, session, "forget", "Erase a text in every form, or all usage of a user");
  auto* what = command->add_option_group("What");
  what->add_option("--text", arguments->text, "The text; - reads standard input")
      ->type_name("TEXT");
  what->add_option("--user", arguments->user, "The user's id")->type_name("ID");
  what->require_option(1);
  command->callback([&session, arguments] {
    session.run = [&, arguments] { return forget(session, *arguments); };
  });
}

}  // namespace bhashatts::cli
