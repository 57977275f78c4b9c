// What the engine is held against: the least that could do the same work, written against the
// system calls and LMDB directly.
#pragma once

#include <fcntl.h>
#include <lmdb.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace bhashatts::bench {

// A directory that is gone at the end. BENCH_DIR chooses the disk; the default is the temporary
// one. In memory: where only the time of the processor matters.
class Directory {
 public:
  explicit Directory(bool in_memory = false) {
    const char* chosen = std::getenv("BENCH_DIR");
    std::filesystem::path parent =
        chosen != nullptr ? std::filesystem::path(chosen) : std::filesystem::temp_directory_path();
    if (in_memory && std::filesystem::exists("/dev/shm")) parent = "/dev/shm";
    std::string pattern = (parent / "bhashatts-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline void must(bool fine) {
  if (fine) return;
  std::perror("engine_bench");
  std::abort();
}

// One LMDB environment with one database, synchronous.
class BareLmdb {
 public:
  explicit BareLmdb(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    must(mdb_env_create(&env_) == 0);
    must(mdb_env_set_mapsize(env_, std::size_t{1} << 34U) == 0);
    must(mdb_env_open(env_, directory.c_str(), MDB_NOTLS, 0644) == 0);
    MDB_txn* txn = nullptr;
    must(mdb_txn_begin(env_, nullptr, 0, &txn) == 0);
    must(mdb_dbi_open(txn, nullptr, 0, &dbi_) == 0);
    must(mdb_txn_commit(txn) == 0);
  }
  ~BareLmdb() { mdb_env_close(env_); }
  BareLmdb(const BareLmdb&) = delete;
  BareLmdb& operator=(const BareLmdb&) = delete;

  void put(std::string_view key, std::string_view value) {
    MDB_txn* txn = nullptr;
    must(mdb_txn_begin(env_, nullptr, 0, &txn) == 0);
    MDB_val k{key.size(), const_cast<char*>(key.data())};
    MDB_val v{value.size(), const_cast<char*>(value.data())};
    must(mdb_put(txn, dbi_, &k, &v, 0) == 0);
    must(mdb_txn_commit(txn) == 0);
  }
  // In its own read transaction: begin, get, abort.
  std::size_t get(std::string_view key) {
    MDB_txn* txn = nullptr;
    must(mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn) == 0);
    MDB_val k{key.size(), const_cast<char*>(key.data())};
    MDB_val v{};
    must(mdb_get(txn, dbi_, &k, &v) == 0);
    const std::size_t size = v.mv_size + static_cast<const unsigned char*>(v.mv_data)[0];
    mdb_txn_abort(txn);
    return size;
  }

 private:
  MDB_env* env_ = nullptr;
  MDB_dbi dbi_ = 0;
};

inline std::uint64_t map_and_hash(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  must(fd >= 0);
  struct stat status {};
  must(::fstat(fd, &status) == 0);
  const auto size = static_cast<std::size_t>(status.st_size);
  void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  must(bytes != MAP_FAILED);
  ::close(fd);
  const std::uint64_t hash = XXH3_64bits(bytes, size);
  ::munmap(bytes, size);
  return hash;
}

inline std::size_t read_whole(const std::filesystem::path& path, std::string& buffer) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  must(fd >= 0);
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  must(size >= 0);
  return static_cast<std::size_t>(size);
}

// Temporary name, fsync, rename.
inline void write_durably(const std::filesystem::path& path, std::string_view bytes) {
  const std::string temporary = path.string() + ".tmp";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  must(fd >= 0);
  must(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  must(::fsync(fd) == 0);
  ::close(fd);
  must(::rename(temporary.c_str(), path.c_str()) == 0);
}

}  // namespace bhashatts::bench
