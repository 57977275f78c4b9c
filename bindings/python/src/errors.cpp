#include "errors.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>
#include <utility>

#include "cause.h"

namespace bhashatts::python {
namespace {

// The classes of bhashatts/errors.py, made once it is imported.
py::object error_class() { return py::module_::import("bhashatts.errors").attr("Error"); }

// str(object), whatever is in it and whatever its __str__ does.
std::string words_of(const py::handle& object) {
  const auto str = py::reinterpret_steal<py::object>(PyObject_Str(object.ptr()));
  const auto bytes = py::reinterpret_steal<py::object>(
      str ? PyUnicode_AsEncodedString(str.ptr(), "utf-8", "backslashreplace") : nullptr);
  if (!bytes) PyErr_Clear();
  return bytes ? bytes.cast<std::string>() : "";
}

// Its first line, and not all of a page of HTML that is in one.
std::string one_line(const std::string& words) {
  constexpr std::size_t kMost = 1000;
  std::size_t size = std::min(words.find('\n'), words.size());
  if (size <= kMost) return words.substr(0, size);
  for (size = kMost; (static_cast<unsigned char>(words[size]) & 0xC0) == 0x80;) --size;
  return words.substr(0, size) + "...";
}

std::string type_name(const py::error_already_set& raised) {
  return words_of(raised.type().attr("__name__"));
}

py::str text_of(std::string_view text) {
  return py::reinterpret_steal<py::str>(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1e3; }

// The host's own bhashatts.Error. What is no time is not known, what is no amount nothing.
Error told(const py::object& error) {
  const py::object after = error.attr("retry_after");
  constexpr double kLongest = 1e9;  // seconds
  double seconds = after.is_none() ? 0 : PyFloat_AsDouble(after.ptr());
  if (!(seconds > 0)) seconds = 0;  // NaN too
  PyErr_Clear();                    // of what is no number
  const py::object micro_usd = error.attr("cost_micro_usd");
  const std::int64_t cost = PyLong_AsLongLong(micro_usd.ptr());
  PyErr_Clear();
  return Error(static_cast<ErrorCode>(error.attr("code").cast<int>()),
               one_line(words_of(error.attr("message"))), py::bool_(error.attr("retryable")),
               std::chrono::milliseconds(std::llround(std::min(seconds, kLongest) * 1e3)))
      .costing(std::max<std::int64_t>(cost, 0))
      .detailed(one_line(words_of(error.attr("detail"))));
}

void translate(std::exception_ptr pending) {
  try {
    std::rethrow_exception(std::move(pending));
  } catch (const Error& error) {
    const py::object raised = to_python(error);
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(raised.ptr())), raised.ptr());
  }
}

// Whether a word of more than three bytes of `text` is in `message`.
bool has_words_of(std::string_view message, std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  for (std::size_t at = 0; (at = text.find_first_not_of(kBlanks, at)) != text.npos;) {
    const std::string_view word = text.substr(at, text.find_first_of(kBlanks, at) - at);
    if (word.size() > 3 && message.find(word) != message.npos) return true;
    at += word.size();
  }
  return false;
}

}  // namespace

py::object to_python(const Error& error) {
  const auto retry_after = error.retry_after().count() > 0
                               ? py::object(py::float_(seconds(error.retry_after())))
                               : py::object(py::none());
  py::object raised =
      error_class()(static_cast<int>(error.code()), text_of(error.what()),
                    py::arg("retryable") = error.retryable(), py::arg("retry_after") = retry_after,
                    py::arg("detail") = text_of(error.detail()),
                    py::arg("cost_micro_usd") = error.cost_micro_usd());
  const py::object cause = object_of(error.cause());
  if (!cause.is_none()) py::setattr(raised, "__cause__", cause);
  return raised;
}

Error from_python(const py::error_already_set& raised, const char* what, std::string_view text) {
  const auto cause = kept(raised.value());
  try {
    if (raised.matches(error_class())) return told(raised.value()).caused_by(cause);
  } catch (const std::exception&) {  // somebody has taken its code away
  }
  if (raised.matches(PyExc_MemoryError)) {
    return Error(ErrorCode::out_of_memory, std::string(what) + " is out of memory")
        .caused_by(cause);
  }
  std::string message = std::string(what) + " raised " + type_name(raised);
  const std::string words = one_line(words_of(raised.value()));
  if (!words.empty() && !has_words_of(words, text)) message += ": " + words;
  return Error(ErrorCode::plugin_failed, std::move(message)).caused_by(cause);
}

void register_errors(py::module_& module) {
  py::register_local_exception_translator(translate);
  module.def(
      "error_name", [](int code) { return std::string(name(static_cast<ErrorCode>(code))); },
      "The stable name of a code: \"text_too_long\".");
}

}  // namespace bhashatts::python
