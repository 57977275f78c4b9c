// Ctrl-C and SIGTERM as a stop token: the first asks, the second leaves at once.
//
// The signals are blocked and read from a descriptor by a thread of our own, so that nothing runs
// inside a signal handler. Threads inherit the mask, so an Interruption must exist before the
// engine makes its first.
//
// Thread rule: made and destroyed on the main thread.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace bhashatts::cli {

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  bool happened() const { return source_.stop_requested(); }

 private:
  void watch();

  std::stop_source source_;
  sigset_t before_{};
  int signals_ = -1;
  int wake_ = -1;
  std::thread watcher_;
};

}  // namespace bhashatts::cli
