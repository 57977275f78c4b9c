// Who has the data directory open, so that the next one to open it knows whether somebody died.
//
// A process that ends well removes its file in live/; the kernel frees the lock of one that does
// not. A file without its lock is therefore a death, and only a death makes the sweeps run: opening
// stays cheap, and a crash is cleaned up by the very next opener.
//
// Thread rule: one thread at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/lock_file.h"

namespace bhashatts::engine {

class Presence {
 public:
  // directory: live/, made when absent. Raises 6xx.
  Presence(std::filesystem::path directory, std::shared_ptr<LockFile> locks);
  ~Presence();
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

  // Whether a process died here since the last sweep.
  bool somebody_died() const { return !dead_.empty(); }
  // The deaths that were seen at opening are dealt with.
  void bury();

 private:
  void find_dead();

  std::filesystem::path directory_;
  std::shared_ptr<LockFile> locks_;
  LockFile::Lock token_;
  std::filesystem::path mine_;
  std::vector<std::filesystem::path> dead_;
};

}  // namespace bhashatts::engine
