// What a call raised.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "bhashatts/error.h"

namespace bhashatts::testing {

// The message of the Error with `code` that `call` raises.
inline std::string raised(ErrorCode code, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(name(error.code()), name(code)) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was raised";
  return {};
}

// The code of what `action` raises; ok where it raises nothing.
template <typename Action>
ErrorCode code_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::ok;
}

}  // namespace bhashatts::testing
