#include "cli/command.h"

namespace bhashatts::cli {

void add_import(CLI::App& app, Session& session) {
  CLI::App* command =
      add_command(app, session, "import", "Adopt an existing bucket (not in this version)");
  command->allow_extras();  // its options are not settled yet
  command->fallthrough(false);
  command->callback([&session] {
    session.run = []() -> int {
      throw Error(ErrorCode::not_supported, "import: this version does not carry it out yet");
    };
  });
}

}  // namespace bhashatts::cli
