// What Python shows of our types: signatures, and what cannot be copied.
//
// Thread rule: with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

namespace bhashatts::python {

namespace py = pybind11;

// While it lives docstrings are taken as they stand: one that begins "name(self, x=1)\n--\n\n" is a
// signature for inspect and help(), which pybind11's own lines are not.
class Documented {
 public:
  Documented() { options_.disable_function_signatures(); }

 private:
  py::options options_;
};

// Copying or pickling raises TypeError, which says what to do instead.
template <typename Type>
void no_pickle(py::class_<Type>& type, const char* message) {
  type.def("__reduce_ex__",
           [text = std::string(message)](const py::object&, const py::object&) -> py::object {
             throw py::type_error(text);
           });
}

// For py::custom_type_setup of a type that Python gets from us and cannot make: without an __init__
// pybind11 would build an object with nothing in it, which its own casts and slots then read.
inline void nobody_makes_it(PyHeapTypeObject* type) {
  type->ht_type.tp_new = [](PyTypeObject* of, PyObject*, PyObject*) -> PyObject* {
    PyErr_Format(PyExc_TypeError, "%s: an engine makes these", of->tp_name);
    return nullptr;
  };
}

}  // namespace bhashatts::python
