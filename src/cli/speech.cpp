// say and lookup differ in one call; what is read, where audio goes and what is told about it is
// here. The order matters: the destination is tried and the text is read before an engine is
// opened.
#include "cli/speech.h"

#include <array>
#include <cstdio>

#include "bhashatts/error.h"
#include "bhashatts/text.h"
#include "cli/format.h"
#include "cli/output.h"

namespace bhashatts::cli {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::bad_request, message);
}

std::string read_standard_input() {
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 1; got > 0 && text.size() <= kMaxTextBytes;) {
    got = std::fread(buffer.data(), 1, buffer.size(), stdin);
    text.append(buffer.data(), got);
  }
  if (std::ferror(stdin) != 0) refuse("cannot read the text from standard input");
  if (text.size() <= kMaxTextBytes) return text;
  throw Error(ErrorCode::text_too_long,
              "the text is longer than " + std::to_string(kMaxTextBytes) + " bytes; split it");
}

Json described(TtsEngine& engine, const Speech& speech, std::int64_t elapsed_us,
               const std::string& output) {
  const AudioMetadata& metadata = speech.metadata();
  const auto url = engine.url(speech);
  return {{"cache_key", speech.cache_key().hex()},
          {"cached", speech.cached()},
          {"origin", name(speech.origin())},
          {"synthesizer", metadata.synthesizer},
          {"fallback", speech.fallback()},
          {"language", metadata.language},
          {"voice_style", metadata.voice_style},
          {"format", name(metadata.format)},
          {"sample_rate", metadata.sample_rate},
          {"duration_ms", metadata.duration_ms},
          {"size_bytes", metadata.size_bytes},
          {"url", url ? Json(*url) : Json()},
          {"generation_time_ms", metadata.generation_time_ms},
          {"cost_usd", usd(speech.cost_micro_usd())},
          {"elapsed_us", elapsed_us},
          {"utterances", metadata.utterances},
          {"take", metadata.take},
          {"output", output.empty() ? Json() : Json(output)}};
}

std::string summary(const Speech& speech, std::int64_t elapsed_us, const std::string& output) {
  const AudioMetadata& metadata = speech.metadata();
  std::string line = std::string(name(speech.origin())) + "  " + ms_text(metadata.duration_ms) +
                     " of audio  " + bytes_text(static_cast<std::int64_t>(metadata.size_bytes)) +
                     "  in " + us_text(elapsed_us);
  if (speech.fallback()) line += "  by the fallback " + printable(metadata.synthesizer);
  if (!output.empty() && output != "-") line += "  " + printable(output);
  return line + "\n";
}

}  // namespace

void add_text_options(CLI::App& command, SpeechArguments& arguments) {
  command.add_option("TEXT", arguments.text, "What to speak; - reads standard input")
      ->required()
      ->type_name("");
  command.add_option("--language", arguments.language, "HINDI, TAMIL, ...: see bhashatts voices")
      ->capture_default_str()
      ->type_name("LANGUAGE");
  command
      .add_option("--style", arguments.style,
                  "storyteller, calm or enthusiastic; else TTS_DEFAULT_VOICE_STYLE")
      ->type_name("STYLE");
}

void add_audio_options(CLI::App& command, SpeechArguments& arguments) {
  command.add_option("--format", arguments.format, "wav, flac, opus or mp3")
      ->capture_default_str()
      ->type_name("FORMAT");
  command
      .add_option("-o,--output", arguments.output,
                  "Where the audio goes; - is standard output. Without it audio goes to standard "
                  "output unless that is a terminal or --json is given")
      ->type_name("FILE");
  command
      .add_option(
          "--timings", arguments.timings,
          "When each sentence and word is spoken: WebVTT where FILE ends in .vtt, else JSON")
      ->type_name("FILE");
}

std::string read_text(const std::string& argument) {
  return argument == "-" ? read_standard_input() : argument;
}

SpeechRequest to_request(const SpeechArguments& arguments, const std::string& text) {
  const auto format = audio_format(arguments.format);
  if (!format) {
    throw Error(ErrorCode::format_unknown, "unknown format; use one of: wav, flac, opus, mp3");
  }
  SpeechRequest request;
  request.text = text;
  request.language = arguments.language;
  request.voice_style = arguments.style;
  request.format = *format;
  return request;
}

Destination::Destination(const SpeechArguments& arguments, bool json) {
  const std::string& output = arguments.output;
  if (output == "-" && json) refuse("-o - and --json both want standard output; choose one");
  if (output == "-" && stdout_is_terminal()) refuse("audio on a terminal is noise; use -o FILE");
  stdout_ = output == "-" || (output.empty() && !json && !stdout_is_terminal());
  if (!output.empty() && output != "-") file_.emplace(output);
  if (!arguments.timings.empty()) timings_.emplace(arguments.timings);
  timings_as_vtt_ = arguments.timings.ends_with(".vtt");
}

void Destination::write(TtsEngine& engine, const SpeechRequest& request,
                        const Speech& speech) const {
  if (timings_) {
    const Timings timings = engine.timings(request, speech);
    timings_->write(timings_as_vtt_ ? timings.to_webvtt(request.text) : timings.to_json() + "\n");
  }
  if (file_) file_->write(speech.audio().chars());
  if (stdout_) print(speech.audio().chars());
}

void deliver(TtsEngine& engine, const SpeechRequest& request, const Speech& speech,
             std::int64_t elapsed_us, const SpeechArguments& arguments,
             const Destination& destination, bool json) {
  destination.write(engine, request, speech);
  if (json) {
    print_json(described(engine, speech, elapsed_us, arguments.output));
  } else if (destination.is_stdout()) {
    print_error(summary(speech, elapsed_us, arguments.output));
  } else {
    print(summary(speech, elapsed_us, arguments.output));
  }
}

}  // namespace bhashatts::cli
