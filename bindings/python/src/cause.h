// Python objects that the engine holds, and lets go of on whatever thread, with whatever lock held.
//
// Acquiring the interpreter's lock there could wait for a thread that has it and wants that very
// lock of the engine's. So an object that is let go of is only put aside; the interpreter drops it
// when it next runs (Py_AddPendingCall, which needs no lock), or whoever keeps another when there
// are many.
//
// Thread rule: any thread; `kept` and `object_of` with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

namespace bhashatts::python {

namespace py = pybind11;

// A reference that any thread may drop. May drop what was put aside, so run any Python code.
std::shared_ptr<const void> kept(py::object object);
// The object of a kept(); None for what is not ours.
py::object object_of(const std::shared_ptr<const void>& kept);

// Drops what was put aside; with the interpreter's lock.
void drop_aside();

}  // namespace bhashatts::python
