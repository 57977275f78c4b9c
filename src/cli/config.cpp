#include "cli/command.h"
#include "cli/output.h"
#include "cli/table.h"

namespace bhashatts::cli {
namespace {

std::string for_people(const Json& settings) {
  Table table;
  for (const auto& [setting, value] : settings.items()) {
    table.row({setting, printable(value.is_string() ? value.get<std::string>() : value.dump())});
  }
  return table.text();
}

int config(const Session& session) {
  const Json settings = Json::parse(load_config(session).to_json());
  session.json ? print_json(settings) : print(for_people(settings));
  return 0;
}

}  // namespace

void add_config(CLI::App& app, Session& session) {
  CLI::App* command =
      add_command(app, session, "config", "The effective settings, secrets hidden as ***");
  command->callback([&session] { session.run = [&] { return config(session); }; });
}

}  // namespace bhashatts::cli
