#include <memory>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/speech.h"

namespace bhashatts::cli {
namespace {

int reject(const Session& session, const SpeechArguments& arguments) {
  const std::string text = read_text(arguments.text);
  TtsEngine engine = open_engine(session);
  const RejectReport report = engine.reject(to_request(arguments, text));
  if (session.json) {
    print_json({{"rejected", report.rejected.hex()},
                {"next_take", report.next_take},
                {"speeches_dropped", report.speeches_dropped}});
  } else {
    print("rejected " + report.rejected.hex() +
          "; speeches dropped: " + std::to_string(report.speeches_dropped) +
          "; the next request makes take " + std::to_string(report.next_take) + "\n");
  }
  return 0;
}

}  // namespace

void add_reject(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<SpeechArguments>();
  CLI::App* command = add_command(
      app, session, "reject", "This sounds wrong: never serve it again, make another next time");
  add_text_options(*command, *arguments);
  command->callback([&session, arguments] {
    session.run = [&, arguments] { return reject(session, *arguments); };
  });
}

}  // namespace bhashatts::cli
