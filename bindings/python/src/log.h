// Thread rule: with the interpreter's lock.
#pragma once

#include "cause.h"

namespace bhashatts::python {

void register_log(py::module_& module);

// The engine writes its lines under locks of its own: a handler that called it again would now and
// then wait for itself for ever. So it never may. Raises bad_request on a thread that is in a
// handler.
void refuse_in_log_handler();

}  // namespace bhashatts::python
