// The built bhashatts command as a child process, in a data directory and environment of its own.
#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

struct Outcome {
  int status = -1;  // exit status; 128 + signal when one ended it
  std::string out;
  std::string err;

  // Standard output as JSON; a failed test when it is anything but one object and a newline.
  nlohmann::json json() const;
};

class Command {
 public:
  // Runs to the end. Standard input is `input`; no stream is a terminal.
  Outcome run(const std::vector<std::string>& arguments, const std::string& input = "");
  // Starts it; finish() waits.
  pid_t start(const std::vector<std::string>& arguments, const std::string& input = "");
  Outcome finish(pid_t child);

  // Adds "NAME=value" to the environment of the runs to come.
  void set(const std::string& variable) { environment_.push_back(variable); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::string data_dir() const { return path("data"); }
  // A file in the test's directory; returns its path.
  std::string file(const std::string& name, const std::string& content) const;
  std::string content(const std::string& name) const;

 private:
  std::vector<std::string> whole_environment() const;

  TempDir directory_;
  std::vector<std::string> environment_;
};

}  // namespace bhashatts::testing
