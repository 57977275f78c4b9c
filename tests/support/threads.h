// How many threads this process has.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <thread>

namespace bhashatts::testing {

inline std::ptrdiff_t threads_now() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

// Whether it comes down to so many; within 10 s, for the kernel lists a thread that was joined for
// a moment more.
inline bool threads_fall_to(std::ptrdiff_t count) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (threads_now() > count) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

// How many there are besides those that the test is about to make. Counted by one that is made for
// it, because ThreadSanitizer begins a thread of its own with the first that it sees.
inline std::ptrdiff_t threads_besides() {
  std::ptrdiff_t others = 0;
  std::thread([&] { others = threads_now() - 1; }).join();
  return threads_fall_to(others) ? others : -1;
}

}  // namespace bhashatts::testing
