// The worker program (worker.cpp) as a test sees it: commands in, lines out, killed at the end.
//
// Started by posix_spawn, so that nothing is forked in a test that has threads.
// Thread rule: one thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.h"

namespace bhashatts::testing {

// "ok <text id> <cache key> <audio hash> <take> <origin> <text>"
struct Acknowledgement {
  std::string text_id;
  std::string cache_key;
  std::string audio_hash;
  std::int32_t take = 0;
  std::string origin;
  std::string text;
};
std::optional<Acknowledgement> acknowledgement(const std::string& line);

class WorkerProcess {
 public:
  static constexpr std::chrono::milliseconds kPatience{90'000};

  // Begins it; its first line is "ready", or "failed <code>" and its end.
  explicit WorkerProcess(std::vector<std::string> arguments);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  pid_t pid() const { return pid_; }
  void send(const std::string& command);
  // The next line; nothing at the end of its output, or when patience ends.
  std::optional<std::string> line(std::chrono::milliseconds patience = kPatience);
  // The same, or "" where there is none.
  std::string answer() { return line().value_or(""); }
  // send() and the acknowledgement of it.
  std::optional<Acknowledgement> ask(const std::string& command);
  void close_input() { in_.reset(); }
  // All lines until it closes its output.
  std::vector<std::string> rest();

  void signal(int number) const;
  // Whether a stop by SIGSTOP came before its end.
  bool await_stop();
  // Each gives the exit status, or minus the signal that ended it.
  int kill();
  int end();  // closes its input and waits

 private:
  bool fill(std::chrono::steady_clock::time_point until);
  int wait();

  pid_t pid_ = -1;
  UniqueFd in_;
  UniqueFd out_;
  std::string pending_;
};

// Ends a process that another one began, once the test is over.
class EndsProcess {
 public:
  explicit EndsProcess(pid_t pid) : pid_(pid) {}
  ~EndsProcess();
  EndsProcess(const EndsProcess&) = delete;
  EndsProcess& operator=(const EndsProcess&) = delete;

 private:
  pid_t pid_;
};

}  // namespace bhashatts::testing
