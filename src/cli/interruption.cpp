#include "cli/interruption.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "bhashatts/error.h"
#include "cli/command.h"
#include "cli/output.h"

namespace bhashatts::cli {
namespace {

sigset_t watched_signals() {
  sigset_t set{};
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGINT);
  ::sigaddset(&set, SIGTERM);
  return set;
}

// Whether a signal came; false when `wake` became readable.
bool wait_for_signal(int signals, int wake) {
  std::array<pollfd, 2> fds{{{signals, POLLIN, 0}, {wake, POLLIN, 0}}};
  while (::poll(fds.data(), fds.size(), -1) < 0 && errno == EINTR) {
  }
  if (fds[1].revents != 0) return false;
  signalfd_siginfo info{};
  return ::read(signals, &info, sizeof info) == sizeof info;
}

}  // namespace

Interruption::Interruption() {
  const sigset_t set = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || wake_ < 0) throw Error(ErrorCode::internal, "cannot watch for signals");
  watcher_ = std::thread([this] { watch(); });
}

Interruption::~Interruption() {
  ::eventfd_write(wake_, 1);
  watcher_.join();
  ::close(signals_);
  ::close(wake_);
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interruption::watch() {
  if (!wait_for_signal(signals_, wake_)) return;
  source_.request_stop();
  print_error("\nbhashatts: finishing what is in hand; once more to leave at once\n");
  if (!wait_for_signal(signals_, wake_)) return;
  ::_exit(kInterrupted);
}

}  // namespace bhashatts::cli
