// Locks between the processes of a host that the kernel frees when a process dies.
//
// One file, one lock per byte offset. These are the classic POSIX record locks, on purpose: they
// belong to the process, so a forked child does not hold its parent's (flock and open-file-
// description locks live on in a child's inherited descriptor, and a leader killed -9 would stay
// leader for as long as some child of it lived). Their two traps are handled here: they do not
// exclude threads of one process (`held_` does), and closing any descriptor of the file drops all
// of them (one LockFile per file and process, by a registry).
//
// Thread rule: any thread. A Lock may be released on another thread than took it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <unordered_set>

#include "base/fd.h"
#include "base/mutex.h"

namespace bhashatts {

class LockFile : public std::enable_shared_from_this<LockFile> {
 public:
  class Lock {
   public:
    Lock(std::shared_ptr<LockFile> file, std::uint64_t offset);
    Lock(Lock&&) noexcept = default;
    Lock& operator=(Lock&& other) noexcept;
    ~Lock();
    std::uint64_t offset() const { return offset_; }

   private:
    std::shared_ptr<LockFile> file_;
    std::uint64_t offset_;
  };

  // Makes the file when absent. Raises storage_failed or storage_read_only.
  static std::shared_ptr<LockFile> open(const std::filesystem::path& path);

  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

  // Only the low 62 bits of an offset count. Never blocks; nothing when another holder, in this
  // process or another, has it.
  std::optional<Lock> try_lock(std::uint64_t offset);
  // Whether anyone has it, this process included.
  bool is_locked(std::uint64_t offset);
  // A lock on an offset that nobody has: its number names this holder until the lock goes.
  Lock lock_any();

 private:
  LockFile(UniqueFd fd, std::uint64_t epoch) : fd_(std::move(fd)), epoch_(epoch) {}
  void unlock(std::uint64_t offset) noexcept;

  UniqueFd fd_;
  std::uint64_t epoch_;
  Mutex mutex_;
  std::unordered_set<std::uint64_t> held_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts
