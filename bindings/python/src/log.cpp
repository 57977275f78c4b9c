// The engine's log lines into Python's logging.
#include "log.h"

#include <string>

#include "bhashatts/error.h"
#include "bhashatts/log.h"
#include "called_back.h"
#include "lock.h"

namespace bhashatts::python {
namespace {

thread_local int in_handler = 0;

struct InHandler {
  InHandler() { ++in_handler; }
  InHandler(const InHandler&) = delete;
  InHandler& operator=(const InHandler&) = delete;
  ~InHandler() { --in_handler; }
};

py::str text_of(std::string_view text) {
  return py::reinterpret_steal<py::str>(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}

// write: bhashatts.logs's, called with (level, component, message) from the engine's threads. None:
// standard error, as without Python.
void set_log(const py::object& write, int least) {
  if (write.is_none()) return set_log_sink({});
  auto sink = [object = kept(write)](LogLevel level, std::string_view component,
                                     std::string_view message) {
    const InHandler here;
    const CalledBack back;
    const WithLock lock;
    try {
      called(object_of(object), static_cast<int>(level), text_of(component), text_of(message));
    } catch (py::error_already_set& raised) {
      if (!keep_interrupt(raised)) raised.discard_as_unraisable("a log handler");
    }
  };
  set_log_sink(std::move(sink), static_cast<LogLevel>(least));
}

}  // namespace

void refuse_in_log_handler() {
  if (in_handler == 0) return;
  throw Error(
      ErrorCode::bad_request,
      "a log handler must not call the engine: put a logging.handlers.QueueHandler before it");
}

void register_log(py::module_& module) {
  module.def("set_log", set_log, py::arg("write"), py::arg("least"));
}

}  // namespace bhashatts::python
