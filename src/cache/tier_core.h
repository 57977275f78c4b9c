// What all parts of the LMDB tier share: its limits, its files, its index, its counters.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/lock_file.h"
#include "base/mutex.h"
#include "cache/audio_files.h"
#include "cache/index.h"
#include "cache/index_txn.h"
#include "cache/lmdb_tier.h"
#include "cache/tier_counters.h"

namespace bhashatts::cache {

class TierCore {
 public:
  explicit TierCore(LmdbTierOptions options);

  // Null only when read-only.
  std::shared_ptr<Index> index() EXCLUDES(mutex_);
  // Changes over to the index that another process has put in place, if one has.
  void follow_replacement();
  // The index, looked at as a whole and healed where it was damaged: what writers ask for.
  std::shared_ptr<Index> index_for_writing();
  // After LMDB itself has said storage_damaged.
  void heal();
  void heal_quietly() noexcept;
  // Takes in the audio files that a new index does not know, if that is still to be done. Returns
  // how many it took in.
  std::int64_t finish_rebuild();
  // Unlinks the file unless an entry names it; the transaction keeps writers out meanwhile.
  bool remove_unnamed(IndexTxn& txn, const std::filesystem::path& file) const;

  // entries and size_bytes.
  CacheTierStats sums();
  void count_error(std::string_view what) noexcept;

  const LmdbTierOptions options;
  const Limits limits;
  AudioFiles files;
  std::shared_ptr<LockFile> locks;      // null when read-only
  std::optional<LockFile::Lock> token;  // none when read-only
  TierCounters counters;

 private:
  void reopen(bool even_if_in_place) EXCLUDES(mutex_);
  bool adopt(IndexTxn& txn, const std::filesystem::path& file);
  void skip_needless_rebuild();

  Mutex mutex_;
  std::shared_ptr<Index> index_ GUARDED_BY(mutex_);
  Mutex reopening_;
};

}  // namespace bhashatts::cache
