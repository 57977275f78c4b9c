// Audio as Python sees it: a read-only buffer that is a binary file as well, over the engine's own
// bytes.
//
// Thread rule: with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include "bhashatts/bytes.h"

namespace bhashatts::python {

namespace py = pybind11;

// bhashatts._core.Audio. The bytes live as long as it does, or any view of it. As a file it has a
// place of its own, so each reader takes a new one (Speech.audio gives one each time).
struct Audio {
  SharedBytes bytes;
  std::size_t place = 0;
  bool closed = false;
};

void register_audio(py::module_& module);

// A bytes-like object of Python's as the engine's bytes, not copied where it cannot change: bytes,
// or a read-only buffer; else a copy. Raises TypeError (error_already_set).
SharedBytes bytes_of(const py::handle& object);

}  // namespace bhashatts::python
