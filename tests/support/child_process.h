// A forked child that runs one function, for tests of what processes do to each other. Fork only
// from a test program that has one thread (label no-tsan).
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <utility>

namespace bhashatts::testing {

class ChildProcess {
 public:
  // The child ends with what `body` returns, or 99 when it raises.
  explicit ChildProcess(const std::function<int()>& body) {
    std::fflush(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    int status = 99;
    try {
      status = body();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    ::_exit(status);
  }
  ~ChildProcess() {
    if (pid_ > 0) kill();
  }
  ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The exit status, or minus the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int kill() {
    ::kill(pid_, SIGKILL);
    return wait();
  }

 private:
  pid_t pid_ = -1;
};

// A line from parent to child or back, to say "now" without sleeping.
class Signal {
 public:
  Signal() { good_ = ::pipe(ends_) == 0; }
  ~Signal() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  bool give() const { return good_ && ::write(ends_[1], "x", 1) == 1; }
  bool await() const {
    char byte = 0;
    return good_ && ::read(ends_[0], &byte, 1) == 1;
  }

 private:
  int ends_[2] = {-1, -1};
  bool good_ = false;
};

}  // namespace bhashatts::testing
