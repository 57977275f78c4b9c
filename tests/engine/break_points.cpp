#include "tests/engine/break_points.h"

#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <fcntl.h>
#include <atomic>
#include <cstring>

namespace bhashatts::testing {
namespace {

std::atomic<std::uint64_t> passed{0};
std::atomic<std::uint64_t> deadly{0};
std::atomic<bool> stop_wanted{false};
bool stop_after = false;
char stop_function[32] = {};

bool stops_here(const char* function) {
  return stop_wanted.load(std::memory_order_acquire) && std::strcmp(function, stop_function) == 0 &&
         stop_wanted.exchange(false);
}

template <typename... Arguments>
long at(const char* function, Arguments... arguments) {
  if (passed.fetch_add(1) + 1 == deadly.load(std::memory_order_relaxed)) {
    ::kill(::getpid(), SIGKILL);
    for (;;) ::pause();
  }
  const bool stops = stops_here(function);
  // raise, not kill: this thread must not come a step further.
  if (stops && !stop_after) ::raise(SIGSTOP);
  const long result = ::syscall(arguments...);
  if (stops && stop_after) ::raise(SIGSTOP);
  return result;
}

}  // namespace

void die_at(std::uint64_t n) { deadly = n; }

void stop_at(const std::string& function, bool after) {
  std::strncpy(stop_function, function.c_str(), sizeof stop_function - 1);
  stop_after = after;
  stop_wanted.store(true, std::memory_order_release);
}

std::uint64_t break_points_passed() { return passed; }

}  // namespace bhashatts::testing

using bhashatts::testing::at;

// write() to pipes is how the worker speaks, and nothing that changes the disk.
extern "C" {

int renameat2(int from_dir, const char* from, int to_dir, const char* to, unsigned flags) noexcept {
  return static_cast<int>(at("renameat2", SYS_renameat2, from_dir, from, to_dir, to, flags));
}

int rename(const char* from, const char* to) noexcept {
  return static_cast<int>(at("rename", SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0U));
}

int unlink(const char* path) noexcept {
  return static_cast<int>(at("unlink", SYS_unlinkat, AT_FDCWD, path, 0));
}

int setxattr(const char* path, const char* name, const void* value, size_t size,
             int flags) noexcept {
  return static_cast<int>(at("setxattr", SYS_setxattr, path, name, value, size, flags));
}

int fsync(int fd) { return static_cast<int>(at("fsync", SYS_fsync, fd)); }

int fdatasync(int fd) { return static_cast<int>(at("fdatasync", SYS_fdatasync, fd)); }

int ftruncate(int fd, off_t size) noexcept {
  return static_cast<int>(at("ftruncate", SYS_ftruncate, fd, size));
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return at("pwrite", SYS_pwrite64, fd, bytes, size, offset);
}

ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  return at("pwritev", SYS_pwritev, fd, parts, count, offset, 0L);
}

}  // extern "C"
