// What say, lookup and reject share: how a speech is asked for, and where it goes.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "bhashatts/engine.h"
#include "cli/output_file.h"

namespace bhashatts::cli {

struct SpeechArguments {
  std::string text;  // "-": standard input
  std::string language = std::string(kDefaultLanguage);
  std::string style;
  std::string format = "wav";
  std::string output;   // -o: a file, "-" for standard output, or nothing
  std::string timings;  // a file: WebVTT where its name ends in .vtt, else JSON; or nothing
};

void add_text_options(CLI::App& command, SpeechArguments& arguments);
void add_audio_options(CLI::App& command, SpeechArguments& arguments);

// The text itself: the argument, or standard input up to the limit of a request.
std::string read_text(const std::string& argument);

// Raises format_unknown. The views in it are those of `arguments` and `text`.
SpeechRequest to_request(const SpeechArguments& arguments, const std::string& text);

// Where audio goes. Made before anything is synthesised, so that a place that cannot be written to
// costs nothing.
class Destination {
 public:
  Destination(const SpeechArguments& arguments, bool json);

  void write(TtsEngine& engine, const SpeechRequest& request, const Speech& speech) const;
  bool is_stdout() const { return stdout_; }
  const std::optional<OutputFile>& file() const { return file_; }

 private:
  bool stdout_ = false;
  std::optional<OutputFile> file_;
  std::optional<OutputFile> timings_;
  bool timings_as_vtt_ = false;
};

// Writes the audio, then says what it was: the promised JSON object, or one line for people.
void deliver(TtsEngine& engine, const SpeechRequest& request, const Speech& speech,
             std::int64_t elapsed_us, const SpeechArguments& arguments,
             const Destination& destination, bool json);

}  // namespace bhashatts::cli
