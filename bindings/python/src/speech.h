// A speech as Python sees it.
//
// Thread rule: with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include "bhashatts/speech.h"
#include "request.h"

namespace bhashatts::python {

// bhashatts.Speech: what came back, and what was asked for, from which timings are computed.
// engine: the TtsEngine, which it keeps.
struct PySpeech {
  Speech speech;
  py::object engine;
  Asked asked;
};

void register_speech(py::module_& module);

}  // namespace bhashatts::python
