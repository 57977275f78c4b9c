// A program of a test's own: a shell script that is there for as long as the object.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

class Script {
 public:
  explicit Script(const std::string& body) : path_(directory_ / "program") {
    std::ofstream(path_) << "#!/bin/sh\n" << body << '\n';
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  }

  std::string path() const { return path_.string(); }
  const TempDir& directory() const { return directory_; }

 private:
  TempDir directory_;
  std::filesystem::path path_;
};

}  // namespace bhashatts::testing
