// What can be told without an engine.
#include "lists.h"

#include <string>

#include "bhashatts/config.h"
#include "bhashatts/json.h"
#include "bhashatts/text.h"
#include "cause.h"
#include "request.h"

namespace bhashatts::python {

void register_lists(py::module_& module) {
  module.def(
      "spoken_text", [](const py::object& text) { return spoken_text(utf8(text, "text")); },
      py::arg("text"));
  module.def(
      "voices_json", [](const std::string& profile) { return voices_json(profile); },
      py::arg("profile"));
  module.def(
      "settings_json",
      [](bool environment) {
        return (environment ? Config::from_environment() : Config{}).to_json();
      },
      py::arg("environment"));
  module.def("drop_aside", drop_aside);
}

}  // namespace bhashatts::python
