// The whole command, as a function: main.cpp is it, and so is the Python package's.
#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/output.h"

namespace bhashatts::cli {
namespace {

void add_commands(CLI::App& app, Session& session) {
  add_say(app, session);
  add_lookup(app, session);
  add_reject(app, session);
  add_prewarm(app, session);
  add_status(app, session);
  add_stats(app, session);
  add_verify(app, session);
  add_forget(app, session);
  add_clear(app, session);
  add_import(app, session);
  add_voices(app, session);
  add_config(app, session);
}

// A line that was not understood still tells that JSON was wanted.
bool asks_for_json(int argc, const char* const* argv) {
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

int run(int argc, const char* const* argv, const char* version) {
  Session session;
  CLI::App app("Speech of Indian-language text, synthesised once and kept for ever", "bhashatts");
  add_global_options(app, session, version);
  add_commands(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    session.json = asks_for_json(argc, argv);
    session.run = [message = usage_message(app, error)]() -> int {
      throw Error(ErrorCode::bad_request, message);
    };
  }
  return run_guarded(session);
}

}  // namespace bhashatts::cli
