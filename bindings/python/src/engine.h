// The engine as Python sees it.
//
// The interpreter's lock is held for what is in memory (recall), where letting go of it would cost
// as much as the hit, and never else: the engine may call Python from its own threads, under locks
// of its own.
//
// Thread rule: with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <memory>
#include <optional>

#include "bhashatts/engine.h"
#include "closing.h"
#include "log.h"

namespace bhashatts::python {

namespace py = pybind11;

// bhashatts._core.Engine, the base of bhashatts.TtsEngine.
class PyEngine {
 public:
  explicit PyEngine(TtsEngine engine) : engine_(std::make_shared<TtsEngine>(std::move(engine))) {}
  PyEngine(const PyEngine&) = delete;
  PyEngine& operator=(const PyEngine&) = delete;
  // Waits for nothing: Python may collect it wherever it runs, also in a plug-in on one of the
  // engine's own threads.
  ~PyEngine();

  // Nothing: the configured time. close raises bad_request in what an engine has called.
  void begin_close(std::optional<std::chrono::milliseconds> drain);
  void close(std::optional<std::chrono::milliseconds> drain);

  // Raises bad_request in a log handler.
  TtsEngine* operator->() const {
    refuse_in_log_handler();
    return engine_.get();
  }

 private:
  std::chrono::milliseconds configured_drain() const;

  std::shared_ptr<TtsEngine> engine_;
  Closing closing_;
};

}  // namespace bhashatts::python

// An engine that failed to open, in a traceback that shows it, or whose __init__ has not run:
// pybind11 would lend it memory that nobody has built anything in.
template <>
struct pybind11::detail::type_caster<bhashatts::python::PyEngine>
    : type_caster_base<bhashatts::python::PyEngine> {
  bool load(handle source, bool convert) {
    if (!isinstance<bhashatts::python::PyEngine>(source)) return false;
    const auto* const given = reinterpret_cast<const instance*>(source.ptr());
    if (given->simple_layout && given->simple_value_holder[0] == nullptr) {
      throw type_error("this engine was not opened");
    }
    return type_caster_base<bhashatts::python::PyEngine>::load(source, convert);
  }
};

namespace bhashatts::python {

void register_engine(py::module_& module, py::class_<PyEngine>& engine);
// Its members that tidy up and report.
void register_tidying(py::class_<PyEngine>& engine);

}  // namespace bhashatts::python
