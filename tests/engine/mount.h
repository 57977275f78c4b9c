// File systems that a test makes for itself: a small tmpfs, a read-only view of a directory.
//
// They live in a mount namespace of the test program's own, so that nothing of them is left,
// however it ends. Takes root; where that is missing, why() says what to skip with.
// Thread rule: begin in main's thread, before others are there.
#pragma once

#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

namespace bhashatts::testing {

class OwnMounts {
 public:
  // Empty where mounting works.
  static const std::string& why() {
    static const std::string reason = begin();
    return reason;
  }

 private:
  static std::string begin() {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      return "mounting takes root and CAP_SYS_ADMIN: " + std::generic_category().message(errno);
    }
    return {};
  }
};

class Mount {
 public:
  // size: as tmpfs takes it, "8m"; options such as ",nr_inodes=50" may follow.
  static Mount tmpfs(const std::filesystem::path& at, const std::string& size) {
    std::filesystem::create_directories(at);
    const int rc = ::mount("none", at.c_str(), "tmpfs", 0, ("mode=700,size=" + size).c_str());
    return Mount(at, rc);
  }
  static Mount read_only(const std::filesystem::path& what, const std::filesystem::path& at) {
    std::filesystem::create_directories(at);
    int rc = ::mount(what.c_str(), at.c_str(), nullptr, MS_BIND, nullptr);
    if (rc == 0) {
      rc = ::mount(nullptr, at.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr);
    }
    return Mount(at, rc);
  }
  ~Mount() { ::umount2(at_.c_str(), MNT_DETACH); }
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;

  const std::filesystem::path& path() const { return at_; }
  bool is_there() const { return rc_ == 0; }

 private:
  Mount(std::filesystem::path at, int rc) : at_(std::move(at)), rc_(rc) {}

  std::filesystem::path at_;
  int rc_;
};

}  // namespace bhashatts::testing
