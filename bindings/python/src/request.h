// A request as Python gives it.
//
// Thread rule: made and destroyed with the interpreter's lock; the views in it may be read without.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "bhashatts/speech.h"

namespace bhashatts::python {

namespace py = pybind11;

// What synthesize, lookup, stream and reject are given, as they are given it. None is the default.
struct Asked {
  py::object text, language, voice_style, format, timeout, user_id, story_id, page_number;
  bool fallback = true;

  // Views of the strings, which these objects keep. Raises text_not_utf8, format_unknown,
  // bad_request; TypeError for what is no string or number.
  SpeechRequest request() const;
};

// The UTF-8 of a str, which the str keeps. Raises text_not_utf8 for lone surrogates.
std::string_view utf8(const py::handle& text, const char* what);
// Seconds, as a float or int; nothing for None. Raises bad_request for what is negative or no
// number.
std::optional<std::chrono::milliseconds> milliseconds_of(const py::handle& seconds,
                                                         const char* what);

}  // namespace bhashatts::python
