// A temporary file beside the target and a rename, because -o may name a file that a player or web
// server has open. Not synced: the audio is kept in the data directory, so a copy lost with the
// power is made again for nothing.
#include "cli/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "bhashatts/error.h"

namespace bhashatts::cli {
namespace {

namespace fs = std::filesystem;

Error failed(ErrorCode code, const std::string& path) {
  return Error(code, "cannot write " + path + ": " + std::strerror(errno));
}

std::string directory_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

// A descriptor that closes itself, and a name that goes unless it was kept.
class Writer {
 public:
  Writer(int fd, std::string remove_at_end) : fd_(fd), name_(std::move(remove_at_end)) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    if (fd_ >= 0) ::close(fd_);
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  bool write_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }
  bool keep_as(const std::string& path) {
    if (::rename(name_.c_str(), path.c_str()) != 0) return false;
    name_.clear();
    return true;
  }

 private:
  int fd_;
  std::string name_;
};

// mkostemp makes files that only their owner may read; give this one what open() would have.
void give_usual_mode(int fd) {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(fd, 0666 & ~mask);
}

void replace(const std::string& path, std::string_view bytes) {
  std::string temporary = path + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) throw failed(ErrorCode::storage_failed, path);
  Writer writer(fd, temporary);
  give_usual_mode(fd);
  if (!writer.write_all(bytes) || !writer.close() || !writer.keep_as(path)) {
    throw failed(ErrorCode::storage_failed, path);
  }
}

void write_in_place(const std::string& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) throw failed(ErrorCode::storage_failed, path);
  Writer writer(fd, "");
  if (!writer.write_all(bytes) || !writer.close()) throw failed(ErrorCode::storage_failed, path);
}

}  // namespace

OutputFile::OutputFile(const std::string& path) : path_(path) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    throw failed(ErrorCode::bad_request, path);
  }
  in_place_ = exists && !S_ISREG(status.st_mode);
  std::error_code unresolved;
  if (exists && !in_place_) path_ = fs::canonical(path, unresolved).string();
  if (unresolved || path_.empty()) path_ = path;
  const std::string needed = in_place_ ? path_ : directory_of(path_);
  if (::access(needed.c_str(), W_OK) != 0) throw failed(ErrorCode::bad_request, path);
}

void OutputFile::write(std::string_view bytes) const {
  in_place_ ? write_in_place(path_, bytes) : replace(path_, bytes);
}

}  // namespace bhashatts::cli
