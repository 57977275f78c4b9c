// An object is one file that appears whole under its name or not at all: written under a temporary
// name, synced, then moved with RENAME_NOREPLACE, which is the first-writer-wins of the seam in one
// system call. link + unlink is the fallback for file systems without it (two changes of two
// directories instead of one).
//
// Durable means: the file's data (fdatasync before the move), its name (fsync of its directory
// after it), and the names of directories that were made on the way. Of those, a process syncs
// each chain once, also when another process made it, because that one may have died in between.
#include "blob/file_store.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/files.h"
#include "base/lock_file.h"
#include "base/mutex.h"
#include "base/per_process.h"
#include "blob/object_name.h"

namespace bhashatts::blob {
namespace {

namespace fs = std::filesystem;

fs::path temporary_directory(const fs::path& root) { return root / kReservedPart; }
fs::path writers_file(const fs::path& root) { return temporary_directory(root) / "writers.lock"; }

// What a process needs to write: a number that no other writer has, by a lock that ends with the
// process, so that a sweep knows dead writers' files from live ones'.
class Writer {
 public:
  explicit Writer(const fs::path& root)
      : directory_(prepared(root)), lock_(LockFile::open(writers_file(root))->lock_any()) {}

  fs::path next_path() {
    const auto number = count_.fetch_add(1, std::memory_order_relaxed);
    return directory_ / (std::to_string(lock_.offset()) + "-" + std::to_string(number));
  }

  bool knows(const fs::path& directory) {
    MutexLock lock(mutex_);
    return durable_.contains(directory.string());
  }
  void learn(const fs::path& directory) {
    MutexLock lock(mutex_);
    if (durable_.size() >= 4096) durable_.clear();
    durable_.insert(directory.string());
  }
  void unlearn(const fs::path& directory) {
    MutexLock lock(mutex_);
    durable_.erase(directory.string());
  }

 private:
  static fs::path prepared(const fs::path& root) {
    fs::path directory = temporary_directory(root);
    ensure_directory(directory);
    return directory;
  }

  fs::path directory_;
  LockFile::Lock lock_;
  std::atomic<std::uint64_t> count_{0};
  Mutex mutex_;
  std::unordered_set<std::string> durable_ GUARDED_BY(mutex_);
};

class TemporaryFile {
 public:
  TemporaryFile(fs::path path, const SharedBytes& bytes) : path_(std::move(path)) {
    write_new_file(path_, bytes.span(), Sync::data);
  }
  ~TemporaryFile() {
    if (!moved_) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  // 0 or an errno; EEXIST: another was first.
  int move_to(const fs::path& target) {
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0) {
      moved_ = true;
      return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) return errno;
    return ::link(path_.c_str(), target.c_str()) == 0 ? 0 : errno;
  }

 private:
  fs::path path_;
  bool moved_ = false;
};

bool is_object(const fs::path& path, std::uint64_t& size) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    throw file_error("stat", path, errno);
  }
  size = static_cast<std::uint64_t>(status.st_size);
  return S_ISREG(status.st_mode);
}

class FileStore final : public BlobStore {
 public:
  FileStore(const fs::path& root, bool read_only)
      : root_(fs::absolute(root).lexically_normal()),
        read_only_(read_only),
        writer_([this] { return std::make_unique<Writer>(root_); }) {
    if (!read_only_) ensure_directory(root_);
  }

  std::optional<SharedBytes> get(std::string_view name) override {
    const fs::path path = path_of(name);
    try {
      return map_file(path);
    } catch (const Error&) {
      std::uint64_t size = 0;
      if (!is_object(path, size)) return std::nullopt;  // a directory of objects, or gone
      throw;
    }
  }

  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels& /*labels*/) override {
    const fs::path path = path_of(name);
    refuse_writing();
    std::uint64_t size = 0;
    if (is_object(path, size)) {
      make_durable(path.parent_path());
      sync_directory(path.parent_path());  // its writer may not have come to that yet
      return PutOutcome::already_there;
    }
    return place(path, bytes);
  }

  std::optional<BlobInfo> info(std::string_view name) override {
    BlobInfo found{.name = std::string(name), .size_bytes = 0};
    if (!is_object(path_of(name), found.size_bytes)) return std::nullopt;
    return found;
  }

  void remove(std::string_view name) override {
    const fs::path path = path_of(name);
    refuse_writing();
    std::uint64_t size = 0;
    if (!is_object(path, size)) return;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw file_error("remove", path, errno);
    sync_directory(path.parent_path());
  }

  void list(std::string_view prefix, const std::function<bool(const BlobInfo&)>& visit) override {
    const std::size_t slash = prefix.rfind('/');
    const std::string_view part = slash == prefix.npos ? "" : prefix.substr(0, slash);
    if (!part.empty() && !is_object_name(part)) return;  // no object's name begins like that
    if (slash == 0) return;
    walk(std::string(part), prefix, visit);
  }

  std::string url(std::string_view name) const override {
    return "file://" + percent_encoded(path_of(name).string());
  }

  std::optional<std::string> local_path(std::string_view name) const override {
    return path_of(name).string();
  }

 private:
  fs::path path_of(std::string_view name) const {
    refuse_bad_name(name);
    return root_ / name;
  }

  void refuse_writing() const {
    if (!read_only_) return;
    throw Error(ErrorCode::storage_read_only, "the file store was opened read-only");
  }

  PutOutcome place(const fs::path& path, const SharedBytes& bytes) {
    const fs::path directory = path.parent_path();
    make_durable(directory);
    TemporaryFile file(writer_.get().next_path(), bytes);
    int failure = file.move_to(path);
    if (failure == ENOENT) {  // somebody tidied the directory away
      writer_.get().unlearn(directory);
      make_durable(directory);
      failure = file.move_to(path);
    }
    if (failure != 0 && failure != EEXIST) throw file_error("place", path, failure);
    sync_directory(directory);
    return failure == 0 ? PutOutcome::stored : PutOutcome::already_there;
  }

  // Makes the directory and syncs the names on the way to it, from the bottom up to the root's own.
  void make_durable(const fs::path& directory) {
    Writer& writer = writer_.get();
    if (writer.knows(directory)) return;
    ensure_directory(directory);
    for (fs::path at = directory; at != root_.parent_path(); at = at.parent_path()) {
      sync_directory(at.parent_path());
      if (at == root_) break;
    }
    writer.learn(directory);
  }

  // Returns false when `visit` did. An error while walking means that it went meanwhile.
  bool walk(const std::string& part, std::string_view prefix,
            const std::function<bool(const BlobInfo&)>& visit) {
    std::error_code gone;
    for (fs::directory_iterator entry(root_ / part, gone), end; !gone && entry != end;
         entry.increment(gone)) {
      const std::string leaf = entry->path().filename().string();
      if (part.empty() && leaf == kReservedPart) continue;
      const std::string name = (fs::path(part) / leaf).string();
      if (!visit_entry(*entry, name, prefix, visit)) return false;
    }
    return true;
  }

  bool visit_entry(const fs::directory_entry& entry, const std::string& name,
                   std::string_view prefix, const std::function<bool(const BlobInfo&)>& visit) {
    std::error_code gone;
    const auto status = entry.symlink_status(gone);
    if (gone) return true;
    if (fs::is_directory(status)) {
      const std::string inside = name + "/";
      const auto common = std::min(inside.size(), prefix.size());
      if (inside.substr(0, common) != prefix.substr(0, common)) return true;
      return walk(name, prefix, visit);
    }
    if (!fs::is_regular_file(status) || !name.starts_with(prefix)) return true;
    const auto size = entry.file_size(gone);
    return gone || visit({.name = name, .size_bytes = size});
  }

  const fs::path root_;
  const bool read_only_;
  PerProcess<Writer> writer_;
};

// The writer's number in the name of its temporary file; nothing for files that are not ours.
std::optional<std::uint64_t> writer_of(const std::string& leaf) {
  const std::size_t dash = leaf.find('-');
  if (dash == std::string::npos) return std::nullopt;
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(leaf.data(), leaf.data() + dash, number);
  if (parsed.ec != std::errc() || parsed.ptr != leaf.data() + dash) return std::nullopt;
  return number;
}

}  // namespace

std::shared_ptr<BlobStore> make_file_store(const fs::path& root, bool read_only) {
  return std::make_shared<FileStore>(root, read_only);
}

std::int64_t sweep_file_store(const fs::path& root) {
  std::error_code none;
  fs::directory_iterator entry(temporary_directory(root), none);
  if (none) return 0;
  const auto writers = LockFile::open(writers_file(root));
  std::int64_t removed = 0;
  for (const fs::directory_iterator end; !none && entry != end; entry.increment(none)) {
    const auto writer = writer_of(entry->path().filename().string());
    if (!writer || writers->is_locked(*writer)) continue;
    if (::unlink(entry->path().c_str()) == 0) ++removed;
  }
  return removed;
}

}  // namespace bhashatts::blob
