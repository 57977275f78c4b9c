// One synthesis as a test asks for it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "bhashatts/error.h"
#include "synth/espeak.h"

namespace bhashatts::testing {

inline SynthesisRequest speak(std::string_view text, std::string_view language = "HINDI") {
  SynthesisRequest request;
  request.text = text;
  request.language = language;
  request.voice_style = "storyteller";
  request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  return request;
}

// The error of a synthesis with `program`; nothing when it succeeds.
inline std::optional<Error> failure_of(const std::string& program, SynthesisRequest request) {
  try {
    synth::make_espeak({.program = program})->synthesize(request);
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace bhashatts::testing
