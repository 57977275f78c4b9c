#include "engine/data_dir.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "base/files.h"

namespace bhashatts::engine {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;

fs::path nearest_existing(fs::path path) {
  while (!path.empty() && ::access(path.c_str(), F_OK) != 0 && path != path.parent_path()) {
    path = path.parent_path();
  }
  return path;
}

void refuse_network(const fs::path& root, const DataDir::FileSystemType& type_of) {
  if (!is_network_file_system(type_of(nearest_existing(root)))) return;
  throw Error(ErrorCode::storage_network,
              root.string() + " is on a network file system, where locks and shared mappings do " +
                  "not hold; set BHASHATTS_DATA_DIR to a local disk");
}

// Files made by root in a directory of www-data would lock its owner out, so even root is refused.
void refuse_wrong_owner(const fs::path& root) {
  struct stat status {};
  if (::stat(root.c_str(), &status) != 0) throw file_error("stat", root, errno);
  if (!S_ISDIR(status.st_mode)) throw file_error("use", root, ENOTDIR);
  if (status.st_uid == ::geteuid()) return;
  throw Error(ErrorCode::storage_wrong_owner,
              root.string() + " belongs to user " + std::to_string(status.st_uid) +
                  ", this process runs as " + std::to_string(::geteuid()) +
                  "; run as the owner or set BHASHATTS_DATA_DIR");
}

bool is_read_only(const fs::path& root) {
  struct statvfs status {};
  if (::statvfs(root.c_str(), &status) != 0) throw file_error("stat", root, errno);
  return (status.f_flag & ST_RDONLY) != 0 || ::access(root.c_str(), W_OK) != 0;
}

void check_version(const fs::path& root, bool read_only) {
  const fs::path file = root / "VERSION";
  const auto content = read_file(file, 64);
  if (!content) {
    if (read_only)
      throw Error(ErrorCode::storage_read_only, "no data directory at " + root.string());
    const std::string line = std::to_string(kVersion) + "\n";
    try {
      write_new_file(file, std::as_bytes(std::span(line)), Sync::data);
    } catch (const Error&) {
      if (!fs::exists(file)) throw;  // another process was first
    }
    return;
  }
  if (content->empty()) return;  // another process is writing it, or died while it did
  int version = 0;
  const auto parsed =
      std::from_chars(content->data(), content->data() + content->size(), version).ec;
  if (parsed == std::errc::invalid_argument || version < 0) {
    throw Error(ErrorCode::storage_damaged, file.string() + " holds no version number");
  }
  if (version > kVersion || parsed == std::errc::result_out_of_range) {
    throw Error(ErrorCode::storage_newer, root.string() + " has format " + std::to_string(version) +
                                              ", this version reads up to " +
                                              std::to_string(kVersion) + "; upgrade bhashatts");
  }
}

}  // namespace

DataDir DataDir::open(const std::string& configured, std::int64_t min_free_bytes) {
  return open(configured, min_free_bytes, file_system_type);
}

DataDir DataDir::open(const std::string& configured, std::int64_t min_free_bytes,
                      const FileSystemType& type_of) {
  if (configured.empty()) {
    throw Error(ErrorCode::config_invalid, "set BHASHATTS_DATA_DIR: there is no home directory");
  }
  const fs::path root = fs::absolute(configured);
  DataDir directory(root, min_free_bytes);
  refuse_network(root, type_of);
  ensure_directory(root);
  refuse_wrong_owner(root);
  directory.read_only_ = is_read_only(root);
  check_version(root, directory.read_only_);
  return directory;
}

void DataDir::require_room() const {
  if (read_only_) {
    throw Error(ErrorCode::storage_read_only,
                root_.string() + " is read-only: what is there is served, nothing new is made");
  }
  const std::uint64_t free = free_bytes(root_);
  if (free >= static_cast<std::uint64_t>(min_free_bytes_)) return;
  throw Error(ErrorCode::storage_full,
              "only " + std::to_string(free >> 20U) + " MiB free in " + root_.string() + ", " +
                  std::to_string(min_free_bytes_ >> 20) +
                  " MiB wanted: make room; nothing was paid for",
              true, std::chrono::minutes(1));
}

}  // namespace bhashatts::engine
