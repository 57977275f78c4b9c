// A stopwatch on the steady clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace bhashatts::cli {

class Stopwatch {
 public:
  std::int64_t us() const {
    const auto elapsed = std::chrono::steady_clock::now() - start_;
    return std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace bhashatts::cli
