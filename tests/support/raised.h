// What a call raised, for tests of messages.
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

}  // namespace bhashatts::testing
