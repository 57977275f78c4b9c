// bhashatts._core: a table of contents. What it offers is private to the package; its types and
// signatures stand in bhashatts/_core.pyi.
//
// The engine calls Python from threads of its own and forks with its host: it needs the one main
// interpreter and its lock. A sub-interpreter is refused at import; a free-threaded Python switches
// its lock on.
#include <pybind11/pybind11.h>

#include "audio.h"
#include "command.h"
#include "engine.h"
#include "errors.h"
#include "lists.h"
#include "log.h"
#include "mailbox.h"
#include "speech.h"
#include "stream.h"

namespace py = pybind11;
namespace ours = bhashatts::python;

namespace {

constexpr const char* kNotMain =
    "bhashatts does not work in sub-interpreters: import it in the main interpreter (under "
    "mod_wsgi: "
    "WSGIApplicationGroup %{GLOBAL})";

bool in_main() { return PyInterpreterState_Get() == PyInterpreterState_Main(); }

}  // namespace

PYBIND11_MODULE(_core_of_main, module, py::multiple_interpreters::not_supported()) {
  if (!in_main()) throw py::import_error(kNotMain);
  module.attr("version") = BHASHATTS_VERSION;
  ours::register_errors(module);
  ours::register_audio(module);
  ours::register_speech(module);
  py::class_<ours::PyEngine> engine(module, "Engine");
  ours::register_engine(module, engine);
  ours::register_tidying(engine);
  ours::register_mailbox(module, engine);
  ours::register_stream(module, engine);
  ours::register_log(module);
  ours::register_lists(module);
  ours::register_command(module);
}

// not_supported() alone does not do: before Python 3.12, and for interpreters like those of
// mod_wsgi, nobody looks at it, and pybind11 waits for ever for the main interpreter's lock.
// (Python 3.13 calls this in the main interpreter, and the above in the other.)
extern "C" PYBIND11_EXPORT PyObject* PyInit__core() {
  if (in_main()) return PyInit__core_of_main();
  PyErr_SetString(PyExc_ImportError, kNotMain);
  return nullptr;
}
