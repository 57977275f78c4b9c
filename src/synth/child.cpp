// posix_spawn, and never fork: the host has threads, and between fork and exec a child of theirs
// may not even allocate. glibc's posix_spawn shares memory with the child until it has become the
// program, so it also stays fast beside a big host (measured: a run of /bin/true takes 0.9 ms, with
// 2 GB resident as without), and it reports a failed exec to us.
//
// Its own process group, for two reasons: what the program itself starts dies with it, and Ctrl-C
// on a terminal reaches the engine alone, which then drains.
//
// Standard input is a socket, not a pipe: a write to a pipe whose reader has gone raises SIGPIPE,
// which kills hosts that left it at its default; send() takes MSG_NOSIGNAL.
#include "synth/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "bhashatts/error.h"

namespace bhashatts::synth {
namespace {

Error spawn_error(const std::string& program, int errno_value) {
  const bool short_of_something = errno_value == EAGAIN || errno_value == ENOMEM ||
                                  errno_value == EMFILE || errno_value == ENFILE;
  return {short_of_something ? ErrorCode::upstream_failed : ErrorCode::not_configured,
          "cannot run " + program + ": " + std::generic_category().message(errno_value),
          short_of_something};
}

struct Ends {
  UniqueFd ours;
  UniqueFd theirs;
};

// Where the host has closed its standard streams, new descriptors take their numbers, and the
// dup2s in the child would overwrite each other.
UniqueFd above_standard_streams(int fd) {
  UniqueFd low(fd);
  if (fd > STDERR_FILENO) return low;
  return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

Ends make_ends(const std::array<int, 2>& pair, const std::string& program) {
  Ends ends{above_standard_streams(pair[0]), above_standard_streams(pair[1])};
  if (!ends.ours.valid() || !ends.theirs.valid()) throw spawn_error(program, errno);
  ::fcntl(ends.ours.get(), F_SETFL, ::fcntl(ends.ours.get(), F_GETFL) | O_NONBLOCK);
  return ends;
}

Ends make_input(const std::string& program) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    throw spawn_error(program, errno);
  }
  return make_ends(pair, program);
}

Ends make_output(const std::string& program) {
  std::array<int, 2> pair{};
  if (::pipe2(pair.data(), O_CLOEXEC) != 0) throw spawn_error(program, errno);
  return make_ends(pair, program);
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  int connect(const UniqueFd& fd, int stream) {
    return posix_spawn_file_actions_adddup2(&actions_, fd.get(), stream);
  }
  // A host's descriptors that lack close-on-exec are not the program's business.
  int close_all_others() {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    return posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
#else
    return 0;
#endif
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// exec's form of a list; it does not change what it points to.
std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> list;
  list.reserve(strings.size() + 1);
  for (const auto& string : strings) list.push_back(const_cast<char*>(string.c_str()));
  list.push_back(nullptr);
  return list;
}

pid_t spawn(const ChildCommand& command, FileActions& actions) {
  const Attributes attributes;
  std::vector<std::string> words{command.program};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, command.program.c_str(), actions.get(), attributes.get(),
                                   pointers(words).data(), pointers(command.environment).data());
  if (failed != 0) throw spawn_error(command.program, failed);
  return pid;
}

UniqueFd open_pidfd(pid_t pid) {
#if defined(SYS_pidfd_open)
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
#else
  static_cast<void>(pid);
  return UniqueFd();
#endif
}

// Whether the process is there for us to wait for, and whether it has ended.
enum class Presence { running, ended, reaped_by_others };

Presence presence(pid_t pid) noexcept {
  siginfo_t info{};
  int result = 0;
  do {
    result = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
  } while (result != 0 && errno == EINTR);
  if (result != 0) return Presence::reaped_by_others;
  return info.si_pid != 0 ? Presence::ended : Presence::running;
}

}  // namespace

Child::Child(const ChildCommand& command) {
  Ends in = make_input(command.program);
  Ends out = make_output(command.program);
  Ends err = make_output(command.program);
  FileActions actions;
  if (actions.connect(in.theirs, STDIN_FILENO) != 0 ||
      actions.connect(out.theirs, STDOUT_FILENO) != 0 ||
      actions.connect(err.theirs, STDERR_FILENO) != 0 || actions.close_all_others() != 0) {
    throw spawn_error(command.program, ENOMEM);
  }
  pid_ = spawn(command, actions);
  pidfd_ = open_pidfd(pid_);
  input = std::move(in.ours);
  output = std::move(out.ours);
  error_output = std::move(err.ours);
}

bool Child::has_ended() const noexcept { return pid_ < 0 || presence(pid_) != Presence::running; }

std::optional<ChildStatus> Child::end() noexcept {
  if (pid_ < 0) return std::nullopt;
  const pid_t pid = std::exchange(pid_, -1);
  // Until it is reaped the number is the group's and nobody else's. Afterwards it may be anybody's:
  // then nothing is killed.
  if (presence(pid) == Presence::reaped_by_others) return std::nullopt;
  ::kill(-pid, SIGKILL);
  int status = 0;
  pid_t reaped = 0;
  do {
    reaped = ::waitpid(pid, &status, 0);
  } while (reaped < 0 && errno == EINTR);
  if (reaped != pid) return std::nullopt;
  if (WIFSIGNALED(status)) return ChildStatus{.exit_code = 0, .signal = WTERMSIG(status)};
  return ChildStatus{.exit_code = WEXITSTATUS(status), .signal = 0};
}

}  // namespace bhashatts::synth
