#include "base/lock_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <utility>

#include "base/files.h"
#include "base/per_process.h"

namespace bhashatts {
namespace {

using FileId = std::pair<dev_t, ino_t>;

// Entries are never removed: closing the descriptor would drop every lock on the file, and there
// are as many lock files as data directories.
struct Registry {
  Mutex mutex;
  std::map<FileId, std::shared_ptr<LockFile>> files GUARDED_BY(mutex);
};

PerProcess<Registry>& registry() {
  static auto* const instance =
      new PerProcess<Registry>([] { return std::make_unique<Registry>(); });
  return *instance;
}

constexpr std::uint64_t kOffsets = (std::uint64_t{1} << 62U) - 1;

struct flock record(short type, std::uint64_t offset) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(offset);
  lock.l_len = 1;
  return lock;
}

std::uint64_t random_offset() {
  std::uint64_t number = 0;
  while (::getrandom(&number, sizeof number, 0) != sizeof number) {
  }
  return number & kOffsets;
}

}  // namespace

std::shared_ptr<LockFile> LockFile::open(const std::filesystem::path& path) {
  Registry& known = registry().get();
  MutexLock lock(known.mutex);
  struct stat status {};
  // Looked up before it is opened: even opening and closing a second descriptor drops the locks.
  if (::stat(path.c_str(), &status) == 0) {
    const auto found = known.files.find({status.st_dev, status.st_ino});
    if (found != known.files.end()) return found->second;
  }
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) throw file_error("open", path, errno);
  if (::fstat(fd.get(), &status) != 0) throw file_error("stat", path, errno);
  std::shared_ptr<LockFile> file(new LockFile(std::move(fd), process_epoch()));
  return known.files[{status.st_dev, status.st_ino}] = file;
}

LockFile::~LockFile() {
  // An inherited LockFile must not close either: the child may have opened the same file.
  if (epoch_ != process_epoch()) fd_.release();
}

std::optional<LockFile::Lock> LockFile::try_lock(std::uint64_t offset) {
  offset &= kOffsets;
  MutexLock lock(mutex_);
  if (held_.contains(offset)) return std::nullopt;
  auto wanted = record(F_WRLCK, offset);
  if (::fcntl(fd_.get(), F_SETLK, &wanted) != 0) {
    if (errno == EACCES || errno == EAGAIN) return std::nullopt;
    throw Error(ErrorCode::storage_failed,
                "cannot lock: " + std::generic_category().message(errno));
  }
  held_.insert(offset);
  return Lock(shared_from_this(), offset);
}

bool LockFile::is_locked(std::uint64_t offset) {
  offset &= kOffsets;
  MutexLock lock(mutex_);
  if (held_.contains(offset)) return true;
  auto wanted = record(F_WRLCK, offset);
  return ::fcntl(fd_.get(), F_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK;
}

LockFile::Lock LockFile::lock_any() {
  for (;;) {
    if (auto lock = try_lock(random_offset())) return std::move(*lock);
  }
}

void LockFile::unlock(std::uint64_t offset) noexcept {
  if (epoch_ != process_epoch()) return;  // taken by the parent, and the parent's still
  MutexLock lock(mutex_);
  held_.erase(offset);
  auto wanted = record(F_UNLCK, offset);
  ::fcntl(fd_.get(), F_SETLK, &wanted);
}

LockFile::Lock::Lock(std::shared_ptr<LockFile> file, std::uint64_t offset)
    : file_(std::move(file)), offset_(offset) {}

LockFile::Lock& LockFile::Lock::operator=(Lock&& other) noexcept {
  if (this != &other) {
    if (file_) file_->unlock(offset_);
    file_ = std::move(other.file_);
    offset_ = other.offset_;
  }
  return *this;
}

LockFile::Lock::~Lock() {
  if (file_) file_->unlock(offset_);
}

}  // namespace bhashatts
