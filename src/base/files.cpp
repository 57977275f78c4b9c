#include "base/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <system_error>
#include <unordered_set>

#include "base/fd.h"
#include "base/mutex.h"
#include "base/per_process.h"

namespace bhashatts {
namespace {

namespace fs = std::filesystem;

std::atomic<std::int64_t> mappings{0};

// Where files are mapped. Told by the address alone it would be guesswork: mapped files begin on a
// page, but so do large blocks of jemalloc.
class Addresses {
 public:
  void add(const void* address) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    known_.insert(address);
  }
  void remove(const void* address) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    known_.erase(address);
  }
  bool contains(const void* address) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return known_.contains(address);
  }

 private:
  Mutex mutex_;
  std::unordered_set<const void*> known_ GUARDED_BY(mutex_);
};

// Never destroyed: bytes may outlive every static.
Addresses& addresses() {
  static auto* const instance =
      new PerProcess<Addresses>([] { return std::make_unique<Addresses>(); });
  return instance->get();
}

class Mapping {
 public:
  Mapping(void* address, std::size_t size) : address_(address), size_(size) {
    addresses().add(address);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    addresses().remove(address_);  // first: unmapped, it may be another thread's at once
    ::munmap(address_, size_);
    mappings.fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  void* address_;
  std::size_t size_;
};

UniqueFd open_for_reading(const fs::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() && errno != ENOENT && errno != ENOTDIR) throw file_error("open", path, errno);
  return fd;
}

std::uint64_t size_of(const UniqueFd& fd, const fs::path& path) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw file_error("stat", path, errno);
  if (!S_ISREG(status.st_mode)) throw file_error("read", path, EISDIR);
  return static_cast<std::uint64_t>(status.st_size);
}

std::string read_all(const UniqueFd& fd, std::uint64_t size, const fs::path& path) {
  std::string content(size, '\0');
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t got = ::read(fd.get(), content.data() + done, content.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw file_error("read", path, errno);
    if (got == 0) break;  // it became shorter meanwhile
    done += static_cast<std::size_t>(got);
  }
  content.resize(done);
  return content;
}

void write_all(const UniqueFd& fd, std::span<const std::byte> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) throw file_error("write", path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
}

}  // namespace

Error file_error(std::string_view doing, const fs::path& path, int errno_value) {
  const std::string message = "cannot " + std::string(doing) + " " + path.string() + ": " +
                              std::generic_category().message(errno_value);
  switch (errno_value) {
    case ENOSPC:
    case EDQUOT: return Error(ErrorCode::storage_full, message + "; make room on the disk", true);
    case EROFS: return Error(ErrorCode::storage_read_only, message);
    default: return Error(ErrorCode::storage_failed, message);
  }
}

void ensure_directory(const fs::path& directory) {
  if (directory.empty() || ::access(directory.c_str(), F_OK) == 0) return;
  ensure_directory(directory.parent_path());
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    throw file_error("create directory", directory, errno);
  }
}

void write_new_file(const fs::path& path, std::span<const std::byte> bytes, Sync sync) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!fd.valid()) throw file_error("create", path, errno);
  try {
    write_all(fd, bytes, path);
    if (sync == Sync::data && ::fdatasync(fd.get()) != 0) throw file_error("sync", path, errno);
  } catch (...) {
    ::unlink(path.c_str());
    throw;
  }
}

void sync_directory(const fs::path& directory) {
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) throw file_error("open", directory, errno);
  if (::fsync(fd.get()) != 0) throw file_error("sync", directory, errno);
}

std::optional<std::string> read_file(const fs::path& path, std::uint64_t limit) {
  const UniqueFd fd = open_for_reading(path);
  if (!fd.valid()) return std::nullopt;
  const std::uint64_t size = size_of(fd, path);
  if (size > limit) throw file_error("read", path, EFBIG);
  return read_all(fd, size, path);
}

std::optional<SharedBytes> map_file(const fs::path& path) {
  const UniqueFd fd = open_for_reading(path);
  if (!fd.valid()) return std::nullopt;
  const std::uint64_t size = size_of(fd, path);
  if (size == 0) return SharedBytes{};
  if (mappings.fetch_add(1, std::memory_order_relaxed) >= kMaxMappings) {
    mappings.fetch_sub(1, std::memory_order_relaxed);
    return SharedBytes::adopt(read_all(fd, size, path));
  }
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (address == MAP_FAILED) {
    mappings.fetch_sub(1, std::memory_order_relaxed);
    return SharedBytes::adopt(read_all(fd, size, path));
  }
  auto owner = std::make_shared<const Mapping>(address, size);
  return SharedBytes(static_cast<const std::byte*>(address), size, std::move(owner));
}

bool is_mapped(const SharedBytes& bytes) {
  return !bytes.empty() && addresses().contains(bytes.data());
}

std::int64_t live_mappings() noexcept { return mappings.load(std::memory_order_relaxed); }

std::uint64_t free_bytes(const fs::path& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) throw file_error("stat", path, errno);
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

std::int64_t file_system_type(const fs::path& path) {
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) throw file_error("stat", path, errno);
  return static_cast<std::int64_t>(status.f_type);
}

// Numbers from linux/magic.h and statfs(2). FUSE is a family of its own: sshfs and s3fs are remote,
// and no FUSE file system promises coherent shared mappings, so all of them are refused.
bool is_network_file_system(std::int64_t f_type) noexcept {
  constexpr std::array<std::int64_t, 11> kRemote{
      0x6969,      // NFS
      0xff534d42,  // CIFS
      0xfe534d42,  // SMB2
      0x517b,      // SMB
      0x5346414f,  // AFS
      0x00c36400,  // Ceph
      0x01021997,  // 9p
      0x73757245,  // Coda
      0x65735546,  // FUSE
      0x0bd00bd0,  // Lustre
      0x47504653,  // GPFS
  };
  for (const std::int64_t remote : kRemote) {
    if (f_type == remote) return true;
  }
  return false;
}

}  // namespace bhashatts
