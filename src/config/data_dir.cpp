#include "config/data_dir.h"

#include <cstdlib>

namespace bhashatts::config {
namespace {

std::string absolute_from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && value[0] == '/' ? value : "";
}

std::string data_home() {
  if (auto xdg = absolute_from_environment("XDG_DATA_HOME"); !xdg.empty()) return xdg;
  const std::string home = absolute_from_environment("HOME");
  return home.empty() ? "" : home + "/.local/share";
}

}  // namespace

std::string resolved_data_dir(const Config& config) {
  if (!config.data_dir.empty()) return config.data_dir;
  const std::string home = data_home();
  return home.empty() ? "" : home + "/bhashatts";
}

}  // namespace bhashatts::config
