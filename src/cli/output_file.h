// The file behind -o: all of the audio or nothing under its name.
#pragma once

#include <string>
#include <string_view>

namespace bhashatts::cli {

class OutputFile {
 public:
  // Raises bad_request when no file can be written there: asked before anything is synthesised, so
  // that a misspelt directory costs nothing.
  explicit OutputFile(const std::string& path);

  // Writes beside the target and renames over it, through a symbolic link if it is one. What is no
  // regular file (a pipe, /dev/null) is written to as it is. Raises storage_failed.
  void write(std::string_view bytes) const;

 private:
  std::string path_;
  bool in_place_ = false;
};

}  // namespace bhashatts::cli
