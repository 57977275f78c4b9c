#include <algorithm>
#include <memory>

#include "bhashatts/json.h"
#include "cli/command.h"
#include "cli/output.h"

namespace bhashatts::cli {
namespace {

std::string for_people(const VerifyReport& report) {
  std::string text;
  for (const VerifyProblem& problem : report.problems) {
    text += printable(problem.object) + ": " + printable(problem.what) +
            (problem.repaired ? " (repaired)" : "") + "\n";
  }
  return text + std::to_string(report.objects_checked) + " objects checked, " +
         std::to_string(report.problems.size()) + " problems\n";
}

// Damage that is still there is a failure, so that a nightly job notices.
int verify(const Session& session, bool repair) {
  const VerifyReport report = open_engine(session).verify(repair);
  session.json ? print(to_json(report) + "\n") : print(for_people(report));
  return std::ranges::all_of(report.problems, &VerifyProblem::repaired)
             ? 0
             : exit_status(ErrorCode::storage_damaged);
}

}  // namespace

void add_verify(CLI::App& app, Session& session) {
  auto repair = std::make_shared<bool>(false);
  CLI::App* command = add_command(app, session, "verify",
                                  "Check everything that is kept; exit 1 if damage remains");
  command->add_flag("--repair", *repair, "Heal from a second copy, remove what is beyond help");
  command->callback(
      [&session, repair] { session.run = [&, repair] { return verify(session, *repair); }; });
}

}  // namespace bhashatts::cli
