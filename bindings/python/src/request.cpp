#include "request.h"

#include <cmath>
#include <limits>
#include <string>

#include "bhashatts/error.h"
#include "cause.h"

namespace bhashatts::python {
namespace {

AudioFormat format_of(const py::handle& format) {
  if (format.is_none()) return AudioFormat::wav;
  const std::string_view wanted = utf8(format, "format");
  if (const auto known = audio_format(wanted)) return *known;
  throw Error(ErrorCode::format_unknown, "unknown format \"" + std::string(wanted.substr(0, 40)) +
                                             "\"; there are wav, flac, opus and mp3");
}

std::int32_t page_of(const py::handle& page) {
  if (page.is_none()) return 0;
  if (!PyIndex_Check(page.ptr()) || PyBool_Check(page.ptr())) {
    throw py::type_error("page_number must be an int");
  }
  const auto exact = py::reinterpret_steal<py::object>(PyNumber_Index(page.ptr()));
  if (!exact) throw py::error_already_set();
  int too_large = 0;  // which gives -1
  const std::int64_t number = PyLong_AsLongLongAndOverflow(exact.ptr(), &too_large);
  if (number >= 0 && number <= std::numeric_limits<std::int32_t>::max()) {
    return static_cast<std::int32_t>(number);
  }
  throw Error(ErrorCode::bad_request, "page_number must be from 1 to 2147483647");
}

// Far above what the engine takes of anything, which tells the true limits. But it is told after
// the encoding, in which nothing else of Python runs: for 300 million characters 0.8 s.
void require_short(Py_ssize_t length, const char* what) {
  constexpr Py_ssize_t kLongest = 100'000;
  if (length <= kLongest) return;
  const bool spoken = std::string_view(what) == "text";
  throw Error(spoken ? ErrorCode::text_too_long : ErrorCode::bad_request,
              std::string(what) + " has " + std::to_string(length) + " characters; send less");
}

std::string_view optional_utf8(const py::handle& text, const char* what) {
  return text.is_none() ? std::string_view() : utf8(text, what);
}

}  // namespace

std::string_view utf8(const py::handle& text, const char* what) {
  if (!PyUnicode_Check(text.ptr())) throw py::type_error(std::string(what) + " must be a str");
  require_short(PyUnicode_GetLength(text.ptr()), what);
  Py_ssize_t size = 0;
  if (const char* bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size)) {
    return {bytes, static_cast<std::size_t>(size)};
  }
  if (PyErr_ExceptionMatches(PyExc_MemoryError)) throw py::error_already_set();
  const py::error_already_set raised;  // UnicodeEncodeError
  throw Error(ErrorCode::text_not_utf8, std::string(what) + " has half a surrogate pair in it")
      .caused_by(kept(raised.value()));
}

std::optional<std::chrono::milliseconds> milliseconds_of(const py::handle& seconds,
                                                         const char* what) {
  if (seconds.is_none()) return std::nullopt;
  constexpr double kLongest = 1e9;  // 30 years
  if (PyBool_Check(seconds.ptr()) || PyUnicode_Check(seconds.ptr())) {
    throw py::type_error(std::string(what) + " must be a number of seconds");
  }
  const double given = PyFloat_AsDouble(seconds.ptr());
  if (given == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  if (given >= 0) {  // which NaN is not
    return std::chrono::milliseconds(std::llround(std::min(given, kLongest) * 1e3));
  }
  throw Error(ErrorCode::bad_request, std::string(what) + " must be 0 or more seconds");
}

SpeechRequest Asked::request() const {
  SpeechRequest request{.text = utf8(text, "text")};
  if (!language.is_none()) request.language = utf8(language, "language");
  request.voice_style = optional_utf8(voice_style, "voice_style");
  request.format = format_of(format);
  request.timeout = milliseconds_of(timeout, "timeout");
  request.user_id = optional_utf8(user_id, "user_id");
  request.story_id = optional_utf8(story_id, "story_id");
  request.page_number = page_of(page_number);
  request.allow_fallback = fallback;
  return request;
}

}  // namespace bhashatts::python
