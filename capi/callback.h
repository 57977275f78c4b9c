// That this thread is inside a function of the host's that the engine called.
//
// Thread rule: each thread has its own.
#pragma once

#include "base/inside.h"

namespace bhashatts::c {

class InCallback {
 public:
  InCallback() noexcept : inside_(&kTag) {}

  // What waits for calls under way, and would wait for itself, is refused (rule R12). Raises
  // bad_request.
  static void refuse(const char* what);

 private:
  static constexpr char kTag = 0;
  const Inside inside_;
};

// Bytes are let go of by whichever thread is the last to use them, also under the engine's locks:
// so nothing may be asked of an engine there.
class InRelease {
 public:
  InRelease() noexcept : inside_(&kTag) {}

  // Raises bad_request.
  static void refuse_here() {
    if (Inside::of(&kTag)) [[unlikely]]
      refuse();
  }

 private:
  [[noreturn]] static void refuse();
  static constexpr char kTag = 0;
  const InCallback in_callback_;
  const Inside inside_;
};

}  // namespace bhashatts::c
