// bhashatts::Error as bhashatts.Error, and back.
//
// Thread rule: with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include "bhashatts/error.h"
#include "called_back.h"
#include "lock.h"

namespace bhashatts::python {

namespace py = pybind11;

void register_errors(py::module_& module);

// The Python exception; a cause that came from Python is its __cause__.
py::object to_python(const Error& error);
// What Python code raised. A bhashatts.Error keeps its code, all else is plugin_failed; the
// exception is the cause. what: "the synthesizer's synthesize".
// text: of a page, when the part was given one. Where words of it are in the exception's, the
// message has none of these, for messages are logged and shown; the cause has.
Error from_python(const py::error_already_set& raised, const char* what,
                  std::string_view text = {});

// Runs a call into Python, with the interpreter's lock; what it raises becomes an Error. Ctrl-C is
// also kept (called_back.h).
template <typename Call>
auto call_python(const char* what, const Call& call, std::string_view text = {}) {
  const CalledBack here;
  const WithLock lock;
  try {
    return call();
  } catch (const py::error_already_set& raised) {
    keep_interrupt(raised);
    throw from_python(raised, what, text);
  } catch (const py::builtin_exception& wrong) {  // cast_error: it gave something of another type
    throw Error(ErrorCode::plugin_failed, std::string(what) + ": " + wrong.what());
  }
}

}  // namespace bhashatts::python
