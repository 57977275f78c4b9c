// The data directory: where it is, whether it may be used, and how much room it has.
//
//   VERSION   format of the directory as a whole      catalog/  records, takes, ledger, usage
//   live/     one file per process that has it open   blobs/    the permanent file store
//   locks     byte locks between processes            cache/    disposable
//   generation  what all processes compare
//
// Thread rule: any thread, once made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace bhashatts::engine {

class DataDir {
 public:
  // f_type of the file system of a path; a parameter so that a test can be on NFS.
  using FileSystemType = std::function<std::int64_t(const std::filesystem::path&)>;

  // configured: config::resolved_data_dir(). Makes what is absent. Raises storage_network,
  // storage_wrong_owner, storage_newer, storage_failed. A read-only file system is no error when
  // the directory is there: see read_only().
  static DataDir open(const std::string& configured, std::int64_t min_free_bytes);
  static DataDir open(const std::string& configured, std::int64_t min_free_bytes,
                      const FileSystemType& file_system_type);

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path operator/(std::string_view part) const { return root_ / part; }
  bool read_only() const { return read_only_; }

  // Raises storage_full or storage_read_only: called before anything is made or paid for.
  void require_room() const;

 private:
  DataDir(std::filesystem::path root, std::int64_t min_free_bytes)
      : root_(std::move(root)), min_free_bytes_(min_free_bytes) {}

  std::filesystem::path root_;
  std::int64_t min_free_bytes_;
  bool read_only_ = false;
};

}  // namespace bhashatts::engine
