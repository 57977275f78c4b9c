#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/output.h"

namespace bhashatts::cli {
namespace {

struct Clear {
  bool cache_only = false;
  bool all = false;
  bool dry_run = false;
  bool yes = false;
  std::string language;
};

std::string counts(const ClearReport& report) {
  return std::to_string(report.cache_entries) + " cache entries, " + std::to_string(report.blobs) +
         " stored objects, " + std::to_string(report.records) + " records";
}

// Nobody there to ask means no, unless --yes said so beforehand.
void require_someone_to_ask(const Clear& arguments) {
  if (arguments.dry_run || arguments.yes) return;
  if (stdin_is_terminal() && stderr_is_terminal()) return;
  throw Error(ErrorCode::bad_request, "clear removes audio; confirm with --yes, or try --dry-run");
}

void confirm(TtsEngine& engine, ClearOptions options) {
  options.dry_run = true;
  print_error("This removes " + counts(engine.clear(options)) + ". Go on? [y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return;
  throw Error(ErrorCode::bad_request, "not confirmed; nothing was removed");
}

int clear(const Session& session, const Clear& arguments) {
  require_someone_to_ask(arguments);
  require_language(arguments.language);
  TtsEngine engine = open_engine(session);
  const ClearOptions options{.cache_only = arguments.cache_only,
                             .language = arguments.language,
                             .dry_run = arguments.dry_run};
  if (!arguments.dry_run && !arguments.yes) confirm(engine, options);
  const ClearReport report = engine.clear(options);
  if (session.json) {
    print_json({{"cache_entries", report.cache_entries},
                {"blobs", report.blobs},
                {"records", report.records},
                {"dry_run", arguments.dry_run}});
  } else {
    print((arguments.dry_run ? "would remove " : "removed ") + counts(report) + "\n");
  }
  return 0;
}

}  // namespace

void add_clear(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<Clear>();
  CLI::App* command = add_command(app, session, "clear", "Remove audio that is kept");
  auto* what = command->add_option_group("What");
  what->add_flag("--cache-only", arguments->cache_only, "The tiers; nothing has to be made again");
  what->add_flag("--all", arguments->all, "Tiers, stored objects and records");
  what->require_option(1);
  command->add_option("--language", arguments->language, "Only this language")
      ->type_name("LANGUAGE");
  command->add_flag("--dry-run", arguments->dry_run, "Say what would be removed; remove nothing");
  command->add_flag("--yes", arguments->yes, "Do not ask");
  command->callback([&session, arguments] {
    session.run = [&, arguments] { return clear(session, *arguments); };
  });
}

}  // namespace bhashatts::cli
