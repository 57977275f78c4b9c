#include "engine.h"

#include <optional>
#include <utility>

#include "adapters.h"
#include "called_back.h"
#include "lock.h"
#include "quick.h"
#include "request.h"
#include "speech.h"
#include "waiting.h"

namespace bhashatts::python {
namespace {

py::object given(PyObject* self, Asked asked, Speech speech) {
  auto engine = py::reinterpret_borrow<py::object>(self);
  return py::cast(PySpeech{std::move(speech), std::move(engine), std::move(asked)});
}

// Raises what the object's __bool__ does.
bool truth(PyObject* object) {
  const int is = PyObject_IsTrue(object);
  if (is < 0) throw py::error_already_set();
  return is != 0;
}

py::object argument(PyObject* const* arguments, int place) {
  return py::reinterpret_borrow<py::object>(arguments[place]);
}

// text, language, voice_style, format, timeout, user_id, story_id, page_number, fallback
py::object synthesize(PyObject* self, PyObject* const* of) {
  Asked asked{argument(of, 0), argument(of, 1), argument(of, 2), argument(of, 3), argument(of, 4),
              argument(of, 5), argument(of, 6), argument(of, 7), truth(of[8])};
  SpeechRequest request = asked.request();
  PyEngine& engine = inside<PyEngine>(self);
  if (auto hit = engine->recall(request)) return given(self, std::move(asked), *std::move(hit));
  std::stop_source stop;
  request.stop = stop.get_token();
  Speech speech = waited_for(stop, [&] { return engine->synthesize(request); });
  return given(self, std::move(asked), std::move(speech));
}

// The same but for the timeout: nothing is waited for but the store.
py::object lookup(PyObject* self, PyObject* const* of) {
  Asked asked{argument(of, 0), argument(of, 1), argument(of, 2), argument(of, 3), py::none(),
              argument(of, 4), argument(of, 5), argument(of, 6), truth(of[7])};
  const SpeechRequest request = asked.request();
  PyEngine& engine = inside<PyEngine>(self);
  auto found = engine->recall(request);
  if (!found) found = unlocked([&] { return engine->lookup(request); });
  return found ? given(self, std::move(asked), *std::move(found)) : py::none();
}

std::unique_ptr<PyEngine> open(const std::string& settings, bool environment,
                               const py::dict& plug_ins) {
  const Config base = environment ? Config::from_environment() : Config{};
  Config config = Config::from_json(settings, base);
  Parts parts = parts_of(plug_ins);
  return unlocked([&] {
    return std::make_unique<PyEngine>(TtsEngine::open(std::move(config), std::move(parts)));
  });
}

void close(PyEngine& engine, const py::object& drain) {
  engine.close(milliseconds_of(drain, "drain"));
}

}  // namespace

// The interpreter's end has closed it, in the main thread; a thread that is started now would run
// into the end of the process.
PyEngine::~PyEngine() {
  if (is_ending()) {
    const WithoutLock released;
    engine_.reset();
  } else {
    const auto drain = configured_drain();
    let_go(std::move(engine_), drain);
  }
}

std::chrono::milliseconds PyEngine::configured_drain() const {
  return std::chrono::milliseconds(engine_->config().drain_timeout_ms);
}

void PyEngine::begin_close(std::optional<std::chrono::milliseconds> drain) {
  closing_.begin(engine_, drain.value_or(configured_drain()));
}

void PyEngine::close(std::optional<std::chrono::milliseconds> drain) {
  refuse_in_log_handler();
  refuse_in_called_back();
  begin_close(drain);
  closing_.wait();
}

void register_engine(py::module_& module, py::class_<PyEngine>& engine) {
  module.def("wait_for_closings", wait_for_closings);
  engine.def(py::init(&open), py::arg("settings"), py::arg("environment"), py::arg("plug_ins"))
      .def("_close", close, py::arg("drain"))
      .def("_begin_close", [](PyEngine& self) { self.begin_close(std::nullopt); });
  // The package's own functions give all arguments, in this order.
  def_quickly<synthesize, 9>(engine, "_synthesize");
  def_quickly<lookup, 8>(engine, "_lookup");
}

}  // namespace bhashatts::python
