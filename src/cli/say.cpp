#include <memory>

#include "cli/command.h"
#include "cli/interruption.h"
#include "cli/speech.h"
#include "cli/stopwatch.h"

namespace bhashatts::cli {
namespace {

struct Say {
  SpeechArguments speech;
  std::string timings;
};

int say(const Session& session, const Say& arguments) {
  if (!arguments.timings.empty()) {
    throw Error(ErrorCode::not_supported,
                "--timings: this version does not carry it out yet; leave it away");
  }
  const Destination destination(arguments.speech.output, session.json);
  const std::string text = read_text(arguments.speech.text);
  SpeechRequest request = to_request(arguments.speech, text);

  const Interruption interruption;  // before the engine has threads
  TtsEngine engine = open_engine(session);
  request.stop = interruption.token();
  const Stopwatch watch;
  const Speech speech = engine.synthesize(request);
  deliver(engine, speech, watch.us(), arguments.speech, destination, session.json);
  return 0;
}

}  // namespace

void add_say(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<Say>();
  CLI::App* command =
      add_command(app, session, "say", "Speak a text, from the cache if it is there");
  add_text_options(*command, arguments->speech);
  add_audio_options(*command, arguments->speech);
  command
      ->add_option("--timings", arguments->timings,
                   "When each word is spoken, as JSON (not in this version)")
      ->type_name("FILE");
  command->callback(
      [&session, arguments] { session.run = [&, arguments] { return say(session, *arguments); }; });
}

}  // namespace bhashatts::cli
