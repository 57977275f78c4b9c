// A child program: started, waited for, and never left behind.
//
// Thread rule: a Child belongs to one thread at a time; many may live at once.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/fd.h"

namespace bhashatts::synth {

struct ChildCommand {
  std::string program;                   // a path, not looked up
  std::vector<std::string> arguments;    // without the program's own name
  std::vector<std::string> environment;  // "NAME=value", all of it
};

// How a child ended, as waitpid(2) tells it.
struct ChildStatus {
  int exit_code = 0;
  int signal = 0;  // 0: it exited by itself
};

class Child {
 public:
  // Starts it as the leader of a process group of its own, with default signal handling, and with
  // pipes for its standard streams as all its descriptors.
  // Raises not_configured where it cannot be run, upstream_failed (retryable) where the system is
  // short of something.
  explicit Child(const ChildCommand& command);
  // Kills what still runs of the group and reaps it.
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Our ends; they don't block. A write to `input` must be a send with MSG_NOSIGNAL.
  UniqueFd input;
  UniqueFd output;
  UniqueFd error_output;

  // Readable once the child has ended; -1 on kernels before 5.3, where one has to ask now and then.
  int ended_fd() const noexcept { return pidfd_.get(); }
  bool has_ended() const noexcept;

  // Kills the group, the child's own children with it, and reaps the child. Nothing where the host
  // ignores SIGCHLD or reaps all children itself: the status has then gone to nobody.
  std::optional<ChildStatus> end() noexcept;

 private:
  pid_t pid_ = -1;
  UniqueFd pidfd_;
};

}  // namespace bhashatts::synth
