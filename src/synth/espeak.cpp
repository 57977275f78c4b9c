// Runs espeak-ng and makes one answer of what comes back: audio, or an error that says what to do.
//
// The exit status alone does not tell. Measured with 1.51: an unknown voice exits with 1, but a
// missing dictionary exits with 0 after spelling out the text in the wrong sounds, and only a line
// on standard error says so.
#include "synth/espeak.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "bhashatts/error.h"
#include "synth/espeak_speech.h"
#include "synth/process.h"
#include "synth/program_path.h"

namespace bhashatts::synth {
namespace {

// An hour at 22,050 Hz. The longest text, 5,000 code points, gives some ten minutes.
constexpr std::size_t kMaxOutputBytes = std::size_t{3'600} * 22'050 * 2;
constexpr std::size_t kWavHeaderBytes = 44;
constexpr std::size_t kMaxComplaint = 200;

constexpr std::string_view kInstallProgram =
    "cannot find the program espeak-ng: install the Debian package espeak-ng, or set "
    "BHASHATTS_ESPEAK_PROGRAM";

// All that the child gets to see. It has no use for our tokens and keys; with a HOME or a sound
// server it would leave a pulse directory behind, or start a server, although it plays nothing.
std::vector<std::string> child_environment() {
  std::vector<std::string> environment{"HOME=/nonexistent", "PULSE_SERVER=unix:/nonexistent"};
  for (const char* const kept : {"PATH", "LD_LIBRARY_PATH", "ESPEAK_DATA_PATH", "LANG", "LC_ALL"}) {
    if (const char* const value = std::getenv(kept)) {
      environment.push_back(std::string(kept) + '=' + value);
    }
  }
  return environment;
}

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = line.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlank) - begin + 1);
}

// The last line that says something, in printable ASCII: it ends up in logs and on terminals.
std::string last_complaint(std::string_view error_output) {
  error_output = trimmed(error_output);
  const auto newline = error_output.find_last_of('\n');
  if (newline != std::string_view::npos) error_output.remove_prefix(newline + 1);
  std::string line(trimmed(error_output).substr(0, kMaxComplaint));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  return line;
}

bool complains_of_missing_data(std::string_view error_output) {
  constexpr std::array<std::string_view, 3> kSigns{"voice does not exist", "Can't read dictionary",
                                                   "Error processing file"};
  return std::any_of(kSigns.begin(), kSigns.end(), [&](std::string_view sign) {
    return error_output.find(sign) != std::string_view::npos;
  });
}

Error failure(std::string_view what, const ProcessResult& result, bool retryable = false) {
  const std::string complaint = last_complaint(result.error_output);
  std::string message = "espeak-ng " + std::string(what);
  if (!complaint.empty()) message += ": " + complaint;
  return {ErrorCode::upstream_failed, std::move(message), retryable};
}

// Raises for runs that did not come to their own end.
void require_end(const ProcessResult& result) {
  switch (result.end) {
    case ProcessEnd::exited: return;
    case ProcessEnd::stopped:
      throw Error(ErrorCode::cancelled, "espeak-ng was stopped because the engine is closing",
                  true);
    case ProcessEnd::timed_out:
      throw Error(ErrorCode::upstream_timeout, "espeak-ng did not finish within its deadline",
                  true);
    case ProcessEnd::output_too_long:
      throw failure("sent more than an hour of audio and was stopped", result);
  }
}

// A host that ignores SIGCHLD takes the status away. The program says what goes wrong on standard
// error, so silence there must do.
void require_success(const ProcessResult& result) {
  if (!result.status) {
    if (last_complaint(result.error_output).empty()) return;
    throw failure("failed", result);
  }
  if (result.status->signal != 0) {
    throw failure("was killed by signal " + std::to_string(result.status->signal), result, true);
  }
  if (result.status->exit_code != 0) {
    throw failure("exited with " + std::to_string(result.status->exit_code), result);
  }
}

void require_audio(const ProcessResult& result) {
  require_end(result);
  if (complains_of_missing_data(result.error_output)) {
    throw Error(ErrorCode::not_configured,
                "espeak-ng lacks the data of this voice: install the Debian package "
                "espeak-ng-data (" +
                    last_complaint(result.error_output) + ")");
  }
  require_success(result);
  if (result.output.size() <= kWavHeaderBytes || !result.output.starts_with("RIFF")) {
    throw failure("gave no audio", result);
  }
}

class Espeak final : public Synthesizer {
 public:
  explicit Espeak(const EspeakOptions& options)
      : program_(options.program), concurrency_(options.concurrency) {
    if (concurrency_ > 0) return;
    concurrency_ = std::max(1, static_cast<std::int32_t>(std::thread::hardware_concurrency()));
  }

  std::string identity() const override { return std::string(kEspeakIdentity); }
  SynthesizerLimits limits() const override { return {.concurrency = concurrency_}; }

  SynthesisResult synthesize(const SynthesisRequest& request) override {
    const Stopwatch stopwatch;
    const std::string text = espeak_text(request.text);
    ProcessRequest run{.command = {.program = require_program(),
                                   .arguments = espeak_arguments(request),
                                   .environment = child_environment()},
                       .input = text,
                       .max_output_bytes = kMaxOutputBytes,
                       .deadline = request.deadline,
                       .stop = request.stop};
    ProcessResult result = run_process(run);
    require_audio(result);
    return {.audio = SharedBytes::adopt(std::move(result.output)), .compute_ms = stopwatch.ms()};
  }

  // No run of the program: that would cost 10 ms, and a look along PATH, some microseconds, tells
  // as much. So nothing is remembered either, and a program installed later is seen at once.
  SynthesizerStatus status() override {
    SynthesizerStatus status;
    status.model = "espeak-ng";
    if (!find_program(program_)) {
      status.state = SynthesizerState::unavailable;
      status.message = kInstallProgram;
    }
    return status;
  }

 private:
  std::string require_program() const {
    auto path = find_program(program_);
    if (!path) throw Error(ErrorCode::not_configured, std::string(kInstallProgram));
    return *std::move(path);
  }

  std::string program_;
  std::int32_t concurrency_;
};

}  // namespace

std::shared_ptr<Synthesizer> make_espeak(const EspeakOptions& options) {
  return std::make_shared<Espeak>(options);
}

}  // namespace bhashatts::synth
