// What a hit goes through, without what pybind11 does at every call: it finds types in hash tables
// and copies arguments into vectors, which took a third of the hit.
//
// Thread rule: with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include <cxxabi.h>

namespace bhashatts::python {

namespace py = pybind11;

// The C++ object in a Python object that is known to be of that class or a subclass in Python.
// Raises TypeError where __init__ has not run.
template <typename Type>
Type& inside(PyObject* object) {
  auto* const instance = reinterpret_cast<py::detail::instance*>(object);
  if (!instance->simple_layout) return py::handle(object).cast<Type&>();  // of several classes
  void* const value = instance->simple_value_holder[0];
  if (value == nullptr) throw py::type_error("__init__() has not been called");
  return *static_cast<Type*>(value);
}

// The same, or null where there is none yet, or no more.
template <typename Type>
Type* begun(PyObject* object) {
  auto* const instance = reinterpret_cast<py::detail::instance*>(object);
  return static_cast<Type*>(instance->simple_value_holder[0]);
}

// call() -> py::object, for Python: what it raises is raised there.
template <typename Call>
PyObject* raising(const Call& call) {
  try {
    return call().release().ptr();
  } catch (py::error_already_set& raised) {
    raised.restore();
  } catch (const abi::__forced_unwind&) {
    throw;
  } catch (...) {
    py::detail::try_translate_exceptions();
  }
  return nullptr;
}

template <auto Function, Py_ssize_t Count>
PyObject* call_quickly(PyObject* self, PyObject* const* arguments, Py_ssize_t count) {
  if (count == Count) return raising([&] { return Function(self, arguments); });
  PyErr_Format(PyExc_TypeError, "%zd arguments are wanted, not %zd", Count, count);
  return nullptr;
}

// A method that takes Count arguments by position: Function(self, arguments) -> py::object.
template <auto Function, Py_ssize_t Count>
void def_quickly(const py::handle& type, const char* name) {
  static PyMethodDef method{};
  method.ml_name = name;
  method.ml_meth =
      reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(call_quickly<Function, Count>));
  method.ml_flags = METH_FASTCALL;
  auto* const made = PyDescr_NewMethod(reinterpret_cast<PyTypeObject*>(type.ptr()), &method);
  if (made == nullptr) throw py::error_already_set();
  py::setattr(type, name, py::reinterpret_steal<py::object>(made));
}

template <auto Function>
PyObject* get_quickly(PyObject* self, void* /*unused*/) {
  return raising([&] { return Function(self); });
}

// A property: Function(self) -> py::object.
template <auto Function>
void def_property_quickly(const py::handle& type, const char* name, const char* documentation) {
  static PyGetSetDef property{};
  property.name = name;
  property.get = get_quickly<Function>;
  property.doc = documentation;
  auto* const made = PyDescr_NewGetSet(reinterpret_cast<PyTypeObject*>(type.ptr()), &property);
  if (made == nullptr) throw py::error_already_set();
  py::setattr(type, name, py::reinterpret_steal<py::object>(made));
}

}  // namespace bhashatts::python
