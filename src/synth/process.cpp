// One poll loop for all that can happen: room in the child's input, bytes from its output, its end
// (a pidfd: SIGCHLD is the host's), a request to stop (an eventfd), the deadline. Where the kernel
// has no pidfd the loop looks every 20 ms.
#include "synth/process.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

#include "bhashatts/error.h"

namespace bhashatts::synth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxErrorBytes = 4'096;
constexpr std::chrono::milliseconds kTick{20};

// Becomes readable when the token is asked to stop.
class StopFd {
 public:
  explicit StopFd(const std::stop_token& stop)
      : fd_(stop.stop_possible() ? ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1),
        wake_(stop, Wake{fd_.get()}) {}
  int get() const noexcept { return fd_.get(); }

 private:
  struct Wake {
    int fd;
    void operator()() const noexcept { ::eventfd_write(fd, 1); }
  };
  UniqueFd fd_;
  std::stop_callback<Wake> wake_;
};

class Run {
 public:
  explicit Run(const ProcessRequest& request)
      : request_(request), left_(request.input), stop_(request.stop), child_(request.command) {}

  ProcessResult finish() {
    result_.end = loop();
    const auto status = child_.end();
    if (result_.end == ProcessEnd::exited) result_.status = status;
    return std::move(result_);
  }

 private:
  ProcessEnd loop() {
    for (;;) {
      if (request_.stop.stop_requested()) return ProcessEnd::stopped;
      if (Clock::now() >= request_.deadline) return ProcessEnd::timed_out;
      const bool ended = child_.has_ended();  // asked first: all it wrote is then in the pipes
      drain_output();
      drain_error_output();
      if (result_.output.size() > request_.max_output_bytes) return ProcessEnd::output_too_long;
      if (ended) return ProcessEnd::exited;
      feed();
      wait();
    }
  }

  // Reads what is there; closes the stream at its end.
  template <typename Take>
  void drain(UniqueFd& stream, const Take& take) {
    // Bounded, since another writer may be faster than we are: a pipe holds 16 of these blocks at
    // most, unless someone enlarged it.
    for (int i = 0; i < 32 && stream.valid(); ++i) {
      const ssize_t got = ::read(stream.get(), buffer_.data(), buffer_.size());
      if (got > 0) {
        take(std::string_view(buffer_.data(), static_cast<std::size_t>(got)));
      } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        stream.reset();
      } else if (errno == EAGAIN) {
        return;
      }
    }
  }

  void drain_output() {
    drain(child_.output, [&](std::string_view bytes) {
      const std::size_t room = request_.max_output_bytes + 1 - result_.output.size();
      result_.output.append(bytes.substr(0, room));
    });
  }

  void drain_error_output() {
    drain(child_.error_output, [&](std::string_view bytes) {
      result_.error_output.append(bytes);
      if (result_.error_output.size() > kMaxErrorBytes) {
        result_.error_output.erase(0, result_.error_output.size() - kMaxErrorBytes);
      }
    });
  }

  // Sends what fits. A program that does not want the rest has its reasons: its end tells them.
  void feed() {
    while (child_.input.valid() && !left_.empty()) {
      const ssize_t sent =
          ::send(child_.input.get(), left_.data(), left_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent >= 0) {
        left_.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        return;
      } else if (errno != EINTR) {
        left_ = {};
      }
    }
    child_.input.reset();
  }

  void wait() const {
    // poll passes over negative descriptors: closed streams, a kernel without pidfds.
    std::array<pollfd, 5> events{
        pollfd{child_.input.get(), POLLOUT, 0}, pollfd{child_.output.get(), POLLIN, 0},
        pollfd{child_.error_output.get(), POLLIN, 0}, pollfd{child_.ended_fd(), POLLIN, 0},
        pollfd{stop_.get(), POLLIN, 0}};
    ::poll(events.data(), events.size(), timeout_ms());
  }

  int timeout_ms() const {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(request_.deadline - Clock::now());
    if (child_.ended_fd() < 0) left = std::min(left, kTick);
    constexpr std::int64_t kLongest = 3'600'000;
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kLongest));
  }

  const ProcessRequest& request_;
  std::string_view left_;
  StopFd stop_;
  Child child_;
  ProcessResult result_;
  std::vector<char> buffer_ = std::vector<char>(65'536);  // hosts may have small stacks
};

}  // namespace

ProcessResult run_process(const ProcessRequest& request) {
  // Starting a program costs more than looking at the clock.
  ProcessResult refused;
  refused.end = request.stop.stop_requested() ? ProcessEnd::stopped : ProcessEnd::timed_out;
  if (refused.end == ProcessEnd::stopped || Clock::now() >= request.deadline) return refused;
  return Run(request).finish();
}

}  // namespace bhashatts::synth
