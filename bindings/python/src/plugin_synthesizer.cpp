// A bhashatts.Synthesizer of Python's.
#include <chrono>
#include <string>

#include "adapters.h"
#include "audio.h"
#include "request.h"

namespace bhashatts::python {
namespace {

py::object class_of(const char* name) {
  return py::module_::import("bhashatts.plugins").attr(name);
}

py::str text_of(std::string_view text) { return {text.data(), text.size()}; }

double seconds_until(std::chrono::steady_clock::time_point deadline) {
  return std::chrono::duration<double>(deadline - std::chrono::steady_clock::now()).count();
}

// The engine is closing: request.stopping() of Python's.
py::cpp_function stopping(std::stop_token stop) {
  return py::cpp_function([stop = std::move(stop)] { return stop.stop_requested(); });
}

py::object to_python(const SynthesisRequest& request) {
  return class_of("SynthesisRequest")(text_of(request.text), text_of(request.language),
                                      text_of(request.voice_style), text_of(request.description),
                                      request.take, request.attempt,
                                      seconds_until(request.deadline), stopping(request.stop));
}

// A SynthesisResult, or bytes alone.
SynthesisResult result_of(const py::object& given) {
  if (!py::isinstance(given, class_of("SynthesisResult"))) return {.audio = bytes_of(given)};
  return {.audio = bytes_of(given.attr("audio")),
          .compute_ms = member<std::int64_t>(given, "compute_ms"),
          .cost_micro_usd = member<std::int64_t>(given, "cost_micro_usd"),
          .request_id = member<std::string>(given, "request_id"),
          .model_revision = member<std::string>(given, "model_revision")};
}

SynthesizerState state_of(const std::string& named) {
  for (const auto state :
       {SynthesizerState::ready, SynthesizerState::loading, SynthesizerState::unreachable,
        SynthesizerState::unauthorized, SynthesizerState::not_served, SynthesizerState::no_credits,
        SynthesizerState::unavailable}) {
    if (named == name(state)) return state;
  }
  throw py::value_error("unknown state \"" + named + "\"");
}

SynthesizerStatus status_of(const py::object& given) {
  return {.state = state_of(member<std::string>(given, "state")),
          .model = member<std::string>(given, "model"),
          .message = member<std::string>(given, "message"),
          .ready_in = milliseconds_of(given.attr("ready_in"), "ready_in")
                          .value_or(std::chrono::milliseconds{0})};
}

class PySynthesizer final : public Synthesizer {
 public:
  explicit PySynthesizer(py::object object) : host_(std::move(object)) {}

  std::string identity() const override {
    return call_python("the synthesizer's identity",
                       [&] { return as<std::string>(host_.call("identity"), "what it returns"); });
  }
  std::string upstream() const override {
    return call_python("the synthesizer's upstream",
                       [&] { return as<std::string>(host_.call("upstream"), "what it returns"); });
  }
  SynthesizerLimits limits() const override {
    return call_python("the synthesizer's limits", [&] {
      const py::object given = host_.call("limits");
      return SynthesizerLimits{
          .max_aksharas = member<std::int32_t>(given, "max_aksharas"),
          .concurrency = member<std::int32_t>(given, "concurrency"),
          .max_cost_micro_usd = member<std::int64_t>(given, "max_cost_micro_usd")};
    });
  }
  SynthesisResult synthesize(const SynthesisRequest& request) override {
    return call_python(
        "the synthesizer's synthesize",
        [&] { return result_of(host_.call("synthesize", to_python(request))); }, request.text);
  }
  SynthesizerStatus status() override {
    try {
      return call_python("the synthesizer's status",
                         [&] { return status_of(host_.call("status")); });
    } catch (const Error& error) {
      return {.state = SynthesizerState::unavailable, .message = error.what()};
    }
  }

 private:
  HostObject host_;
};

}  // namespace

std::shared_ptr<Synthesizer> make_synthesizer(py::object object) {
  return std::make_shared<PySynthesizer>(std::move(object));
}

}  // namespace bhashatts::python
