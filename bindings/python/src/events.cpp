// A bhashatts.EventSink of Python's: it gets what C gets (docs/c.md), as dictionaries.
#include <string>

#include "adapters.h"
#include "bhashatts/json.h"

namespace bhashatts::python {
namespace {

// What an exception of the host's database may repeat.
std::string texts_of(std::span<const Event> events) {
  std::string all;
  for (const Event& event : events) {
    if (event.speech) all += event.speech->text + ' ';
  }
  return all;
}

class PySink final : public EventSink {
 public:
  PySink(py::object object, std::string name) : host_(std::move(object)), name_(std::move(name)) {}

  std::string name() const override { return name_; }
  void deliver(std::span<const Event> events) override {
    const std::string json = to_json(events);
    call_python(
        "the event sink's deliver",
        [&] { host_.call("deliver", py::module_::import("json").attr("loads")(json)); },
        texts_of(events));
  }

 private:
  HostObject host_;
  const std::string name_;
};

}  // namespace

std::shared_ptr<EventSink> make_sink(py::object object) {
  auto name = object.attr("name").cast<std::string>();
  return std::make_shared<PySink>(std::move(object), std::move(name));
}

}  // namespace bhashatts::python
