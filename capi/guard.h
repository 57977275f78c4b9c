// The one guard round every export: nothing escapes (rule R3).
#pragma once

#include <type_traits>
#include <utility>

#include "last_error.h"

// Before a definition that include/bhashatts declares; a type that differs from there is an error.
#define BHASHATTS_EXPORT extern "C" BHASHATTS_C_API

namespace bhashatts::c {

// Runs the body. What it raises is kept as this thread's last error, and its status returned.
template <typename Body>
bhashatts_status guarded(Body&& body) noexcept {
  try {
    std::forward<Body>(body)();
    return BHASHATTS_OK;
  } catch (...) {
    return keep_current_exception();
  }
}

}  // namespace bhashatts::c
