#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/output.h"

namespace {

namespace cli = bhashatts::cli;

void add_commands(CLI::App& app, cli::Session& session) {
  cli::add_say(app, session);
  cli::add_lookup(app, session);
  cli::add_reject(app, session);
  cli::add_prewarm(app, session);
  cli::add_status(app, session);
  cli::add_stats(app, session);
  cli::add_verify(app, session);
  cli::add_forget(app, session);
  cli::add_clear(app, session);
  cli::add_import(app, session);
  cli::add_voices(app, session);
  cli::add_config(app, session);
}

// A line that was not understood still tells that JSON was wanted.
bool asks_for_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--json") return true;
  }
  return false;
}

std::string usage_message(const CLI::App& app, const CLI::ParseError& error) {
  const auto unknown = app.remaining();
  const bool no_command = app.get_subcommands().empty() && !unknown.empty();
  const std::string what =
      no_command ? "there is no command \"" + unknown.front() + "\"" : std::string(error.what());
  return what + "; see bhashatts --help";
}

}  // namespace

int main(int argc, char** argv) {
  cli::Session session;
  CLI::App app("Speech of Indian-language text, synthesised once and kept for ever", "bhashatts");
  cli::add_global_options(app, session, BHASHATTS_VERSION);
  add_commands(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    session.json = asks_for_json(argc, argv);
    session.run = [message = usage_message(app, error)]() -> int {
      throw bhashatts::Error(bhashatts::ErrorCode::bad_request, message);
    };
  }
  return cli::run_guarded(session);
}
