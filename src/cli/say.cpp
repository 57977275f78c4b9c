#include <memory>

#include "cli/command.h"
#include "cli/interruption.h"
#include "cli/speech.h"
#include "cli/stopwatch.h"

namespace bhashatts::cli {
namespace {

int say(const Session& session, const SpeechArguments& arguments) {
  const Destination destination(arguments, session.json);
  const std::string text = read_text(arguments.text);
  SpeechRequest request = to_request(arguments, text);

  const Interruption interruption;  // before the engine has threads
  TtsEngine engine = open_engine(session);
  request.stop = interruption.token();
  const Stopwatch watch;
  const Speech speech = engine.synthesize(request);
  deliver(engine, request, speech, watch.us(), arguments, destination, session.json);
  return 0;
}

}  // namespace

void add_say(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<SpeechArguments>();
  CLI::App* command =
      add_command(app, session, "say", "Speak a text, from the cache if it is there");
  add_text_options(*command, *arguments);
  add_audio_options(*command, *arguments);
  command->callback(
      [&session, arguments] { session.run = [&, arguments] { return say(session, *arguments); }; });
}

}  // namespace bhashatts::cli
