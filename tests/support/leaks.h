// Fails the test whose scope leaves a descriptor open or a child unreaped.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <iterator>

namespace bhashatts::testing {

inline std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

class LeavesNothingBehind {
 public:
  LeavesNothingBehind() = default;
  ~LeavesNothingBehind() {
    EXPECT_EQ(open_descriptors(), before_) << "a descriptor leaks";
    siginfo_t info{};
    const int children = ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
    EXPECT_TRUE(children == -1 && errno == ECHILD) << "a child was left behind";
  }
  LeavesNothingBehind(const LeavesNothingBehind&) = delete;
  LeavesNothingBehind& operator=(const LeavesNothingBehind&) = delete;

 private:
  std::ptrdiff_t before_ = open_descriptors();
};

}  // namespace bhashatts::testing
