// How spoken_text refuses a text.
#pragma once

#include <string>
#include <string_view>

#include "bhashatts/error.h"
#include "bhashatts/text.h"

namespace bhashatts::testing {

struct Refusal {
  ErrorCode code = ErrorCode::ok;
  std::string message;

  bool says(std::string_view words) const { return message.find(words) != std::string::npos; }
};

inline Refusal refusal_of(std::string_view text) {
  try {
    spoken_text(text);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {};
}

}  // namespace bhashatts::testing
