// The environment of this process, as a test wants it; put back at the end.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace bhashatts::testing {

class ScopedEnvironment {
 public:
  // Only these variables, as "NAME=value", nothing else.
  explicit ScopedEnvironment(const std::vector<std::string>& variables) {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
      before_.emplace_back(*entry);
    }
    become(variables);
  }
  ~ScopedEnvironment() { become(before_); }
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  static void become(const std::vector<std::string>& variables) {
    ::clearenv();
    for (const std::string& entry : variables) {
      const auto equals = entry.find('=');
      ::setenv(entry.substr(0, equals).c_str(), entry.substr(equals + 1).c_str(), 1);
    }
  }

  std::vector<std::string> before_;
};

}  // namespace bhashatts::testing
