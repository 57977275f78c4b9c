#include <memory>

#include "cli/command.h"
#include "cli/speech.h"
#include "cli/stopwatch.h"

namespace bhashatts::cli {
namespace {

int lookup(const Session& session, const SpeechArguments& arguments) {
  const Destination destination(arguments, session.json);
  const std::string text = read_text(arguments.text);
  const SpeechRequest request = to_request(arguments, text);

  TtsEngine engine = open_engine(session);
  const Stopwatch watch;
  const auto speech = engine.lookup(request);
  if (!speech) throw Error(ErrorCode::not_found, "no speech of this text is kept; use say");
  deliver(engine, request, *speech, watch.us(), arguments, destination, session.json);
  return 0;
}

}  // namespace

void add_lookup(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<SpeechArguments>();
  CLI::App* command = add_command(app, session, "lookup",
                                  "As say, but never synthesises: exit 3 if it is not there");
  add_text_options(*command, *arguments);
  add_audio_options(*command, *arguments);
  command->callback([&session, arguments] {
    session.run = [&, arguments] { return lookup(session, *arguments); };
  });
}

}  // namespace bhashatts::cli
