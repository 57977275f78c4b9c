// One run of a program: bytes in, bytes out, within a deadline.
//
// Thread rule: any thread; many may run at once. Nothing is shared between runs, so a forked child
// may go on at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "synth/child.h"

namespace bhashatts::synth {

struct ProcessRequest {
  ChildCommand command;
  std::string_view input;
  std::size_t max_output_bytes = 0;
  std::chrono::steady_clock::time_point deadline;
  std::stop_token stop;
};

enum class ProcessEnd { exited, timed_out, stopped, output_too_long };

struct ProcessResult {
  ProcessEnd end = ProcessEnd::exited;
  std::optional<ChildStatus> status;  // of exited; nothing: see Child::end()
  std::string output;
  std::string error_output;  // its last kilobytes
};

// Runs the program until it exits, whether or not it has read all input and closed its output
// (something that it started may hold that open for ever). Whatever else ends the run kills it.
// Raises what Child does.
ProcessResult run_process(const ProcessRequest& request);

}  // namespace bhashatts::synth
