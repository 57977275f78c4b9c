// The index of the LMDB tier: opened only when it is whole, else set aside and begun anew.
//
// Thread rule: any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/lmdb.h"
#include "base/lock_file.h"
#include "cache/entry_codec.h"

namespace bhashatts::cache {

// Sums over the queues, kept in the index with every change.
struct Totals {
  std::array<std::uint64_t, 2> bytes{};  // by Queue
  std::array<std::uint64_t, 2> count{};
  std::uint64_t ghosts = 0;
  std::uint64_t sequence = 0;  // given last
  std::uint64_t rebuild = 0;   // 1: audio files may lie there that the index has yet to take in

  std::uint64_t all_bytes() const { return bytes[0] + bytes[1]; }
  std::uint64_t all_count() const { return count[0] + count[1]; }
  bool operator==(const Totals&) const = default;
};

std::string encode(const Totals& totals);
// Raises storage_damaged.
Totals decode_totals(std::string_view bytes);

inline std::string_view as_chars(const Key& key) {
  return {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()};
}

class Index {
 public:
  enum Database : std::size_t { kEntries, kFifo, kGhost, kTotals };

  struct Options {
    std::filesystem::path directory;  // of the tier
    std::int64_t map_bytes = 0;
    bool read_only = false;
  };

  // How much is looked at before it is used: what opening has time for, or every page.
  enum class Depth { quick, thorough };

  // Null where it is read-only and there is no index, or a damaged one. `locks` may be null when
  // it is read-only.
  static std::shared_ptr<Index> open(const Options& options, const std::shared_ptr<LockFile>& locks,
                                     Depth depth);

  lmdb::Env& env() { return *env_; }
  MDB_dbi dbi(Database database) const { return env_->dbi(database); }
  Totals totals(const lmdb::Txn& txn) const;

  // Another process has found this index damaged and put a new one in its place.
  bool replaced() const;
  // Looks at every page, once in the life of this object; to be called before it is written to.
  bool whole();

 private:
  explicit Index(const Options& options);
  static std::shared_ptr<Index> open_sound(const Options& options, Depth depth);
  std::filesystem::path data_file_;
  std::shared_ptr<lmdb::Env> env_;
  std::uint64_t inode_ = 0;
  std::atomic<bool> all_seen_{false};
};

}  // namespace bhashatts::cache
