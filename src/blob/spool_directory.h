// The debts on disk, one file each, as a flat directory: <hash of the object's name>.owed, beside
// .tmp (what is being written, locks, the last trouble) and damaged (what was set aside).
//
// Thread rule: any thread, any number of processes.
// Members raise what base/files.h does.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "bhashatts/blob_store.h"
#include "blob/spool_claims.h"
#include "blob/spool_file.h"

namespace bhashatts::blob {

class SpoolDirectory {
 public:
  struct Entry {
    std::string leaf;
    std::int64_t bytes = 0;
    std::int64_t written_ns = 0;  // Unix time; by the clock of who wrote it
  };
  enum class Found { good, absent, newer, damaged };

  explicit SpoolDirectory(const std::filesystem::path& directory);

  SpoolClaims& claims() { return claims_; }
  std::filesystem::path trouble_file() const;

  // Durable when it returns. What is there already is left as it is, unless it is damaged.
  // claimed: whether the caller holds the claim of that debt.
  PutOutcome add(std::string_view name, const SharedBytes& bytes, const BlobLabels& labels,
                 bool claimed = false);
  // One debt by the name of its file, all of it checked.
  Found load(const std::string& leaf, Debt& debt);
  // By the name of the object; what is damaged is set aside on the way if nobody is at it.
  std::optional<Debt> find(std::string_view name);
  std::optional<BlobInfo> info(const std::string& leaf);
  bool holds(std::string_view name) const;

  // For the holder of the claim. Durable when it returns.
  void discharge(const std::string& leaf);
  void set_aside(const std::string& leaf);
  // Waits for the claim; then the debt is gone. False: there was none. Raises a retryable
  // storage_failed when the claim does not come free in a minute.
  bool forget(std::string_view name);

  // What lies there, oldest first, with what is no debt by its name.
  std::vector<Entry> scan() const;
  bool is_empty() const;
  std::int64_t damaged_files() const;
  // Of all debts, as last counted, and with what this process changed since. Never looks itself.
  std::int64_t bytes() const;
  // Counts anew if it is time to.
  void count_again(std::chrono::steady_clock::time_point now);
  // Removes temporary files that dead writers left.
  void sweep();

 private:
  std::filesystem::path path_of(const std::string& leaf) const { return directory_ / leaf; }
  // Whether the claim came free in time, and the damaged file is out of the way.
  bool clear_damage(const std::string& leaf, std::chrono::milliseconds patience);
  void set_aside_if_damaged(const std::string& leaf);
  void change(std::int64_t bytes);

  const std::filesystem::path directory_;
  const std::shared_ptr<BlobStore> files_;
  SpoolClaims claims_;

  mutable Mutex mutex_;
  std::int64_t bytes_ GUARDED_BY(mutex_) = 0;
  std::uint64_t changes_ GUARDED_BY(mutex_) = 0;
  std::chrono::steady_clock::time_point count_at_ GUARDED_BY(mutex_){};
};

}  // namespace bhashatts::blob
