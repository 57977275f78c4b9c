// The time, in the two forms that are kept.
#pragma once

#include <chrono>
#include <cstdint>

namespace bhashatts {

inline std::int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}
inline std::int64_t unix_seconds() { return unix_ms() / 1000; }

// A stopwatch on the steady clock.
class Stopwatch {
 public:
  std::int64_t us() const { return elapsed<std::chrono::microseconds>(); }
  std::int64_t ms() const { return elapsed<std::chrono::milliseconds>(); }

 private:
  template <typename Unit>
  std::int64_t elapsed() const {
    return std::chrono::duration_cast<Unit>(std::chrono::steady_clock::now() - start_).count();
  }
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace bhashatts
