// Thread rule: with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

namespace bhashatts::python {

void register_lists(pybind11::module_& module);

}  // namespace bhashatts::python
