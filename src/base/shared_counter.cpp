#include "base/shared_counter.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/fd.h"
#include "base/files.h"

namespace bhashatts {

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "it is shared between processes");

SharedCounter::SharedCounter(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid() && (errno == EROFS || errno == EACCES)) {
    writable_ = false;
    fd = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  }
  if (!fd.valid()) throw file_error("open", path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw file_error("stat", path, errno);
  constexpr auto kSize = static_cast<off_t>(sizeof(std::uint64_t));
  // posix_fallocate, not ftruncate: on a full disk a hole would be a SIGBUS at the first raise().
  if (status.st_size < kSize) {
    const int rc = writable_ ? ::posix_fallocate(fd.get(), 0, kSize) : EROFS;
    if (rc != 0) throw file_error("extend", path, rc);
  }
  const int protection = writable_ ? PROT_READ | PROT_WRITE : PROT_READ;
  void* page = ::mmap(nullptr, sizeof(std::uint64_t), protection, MAP_SHARED, fd.get(), 0);
  if (page == MAP_FAILED) throw file_error("map", path, errno);
  number_ = static_cast<std::atomic<std::uint64_t>*>(page);
}

SharedCounter::~SharedCounter() { ::munmap(number_, sizeof(std::uint64_t)); }

void SharedCounter::raise() {
  if (!writable_) throw Error(ErrorCode::storage_read_only, "the data directory is read-only");
  number_->fetch_add(1, std::memory_order_acq_rel);
}

}  // namespace bhashatts
