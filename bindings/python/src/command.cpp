#include "command.h"

#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "cli/command.h"
#include "lock.h"

namespace bhashatts::python {
namespace {

// Without the interpreter's lock: a command calls nothing of Python's.
int command(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  const WithoutLock released;
  return cli::run(static_cast<int>(arguments.size()), argv.data(), BHASHATTS_VERSION);
}

}  // namespace

void register_command(pybind11::module_& module) {
  module.def("command", command, pybind11::arg("arguments"));
}

}  // namespace bhashatts::python
