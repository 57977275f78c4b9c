// A stream as Python sees it: next() waits, begin_next() has the utterance come to a mailbox.
//
// Thread rule: with the interpreter's lock; a stream by one thread at a time.
#pragma once

#include <pybind11/pybind11.h>

#include "bhashatts/stream.h"

namespace bhashatts::python {

namespace py = pybind11;

class PyEngine;

// A bhashatts.Utterance.
py::object to_python(StreamedUtterance utterance);

void register_stream(py::module_& module, py::class_<PyEngine>& engine);

}  // namespace bhashatts::python
