// A tier outlives its index: when a process finds it damaged and begins a new one, the others
// notice (at a miss, or before they write) and change over. Until then they read what they have
// open, whose every entry is compared with its own checksum and its audio's.
#include "cache/tier_core.h"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "bhashatts/error.h"

namespace bhashatts::cache {
namespace {

constexpr std::int64_t kDefaultMap = std::int64_t{1} << 30;
// An entry takes about 500 bytes in all databases, pages being two thirds full; as much again may
// be on the list of free pages, and again while readers keep it from being used.
constexpr std::uint64_t kMapBytesPerEntry = 2048;
// What one group of writes may touch: three scattered pages for each, twice over.
constexpr std::uint64_t kMapBytesInFlight = std::uint64_t{8} << 20;
constexpr std::size_t kBatch = 128;

LmdbTierOptions completed(LmdbTierOptions options) {
  if (options.map_bytes <= 0) options.map_bytes = kDefaultMap;
  options.max_bytes = std::max<std::int64_t>(options.max_bytes, 0);
  return options;
}

Limits limits_of(const LmdbTierOptions& options) {
  const auto map = static_cast<std::uint64_t>(options.map_bytes);
  const std::uint64_t usable = map - std::min(map / 2, kMapBytesInFlight);
  return {static_cast<std::uint64_t>(options.max_bytes), usable / kMapBytesPerEntry};
}

Index::Options index_options(const LmdbTierOptions& options) {
  return {options.directory, options.map_bytes, options.read_only};
}

}  // namespace

TierCore::TierCore(LmdbTierOptions given)
    : options(completed(std::move(given))),
      limits(limits_of(options)),
      files(options.directory, options.blob_path) {
  if (!options.read_only) {
    ensure_directory(options.directory / "audio");
    ensure_directory(options.directory / "tmp");
    locks = LockFile::open(options.directory / "writers.lock");
    token = locks->lock_any();
  }
  index_ = Index::open(index_options(options), locks, Index::Depth::quick);
  if (!options.read_only) skip_needless_rebuild();
}

// A brand-new cache has nothing to take in.
void TierCore::skip_needless_rebuild() {
  const auto current = index();
  {
    const lmdb::ReadTxn txn(current->env());
    if (current->totals(txn).rebuild == 0 || files.any()) return;
  }
  IndexTxn txn(*current, files);
  if (files.any()) return;
  txn.totals().rebuild = 0;
  txn.commit();
}

std::shared_ptr<Index> TierCore::index() {
  MutexLock lock(mutex_);
  return index_;
}

void TierCore::follow_replacement() {
  const auto current = index();
  if (current && current->replaced()) reopen(false);
}

std::shared_ptr<Index> TierCore::index_for_writing() {
  follow_replacement();
  auto current = index();
  if (!current) throw Error(ErrorCode::storage_read_only, "the cache was opened read-only");
  if (current->whole()) return current;
  heal();
  return index();
}

void TierCore::heal() {
  if (!options.read_only) reopen(true);
}

void TierCore::heal_quietly() noexcept {
  try {
    heal();
  } catch (const std::exception& error) {
    count_error(error.what());
  }
}

// Opening looks the index over again and sets it aside where it is damaged.
void TierCore::reopen(bool even_if_in_place) {
  MutexLock one_at_a_time(reopening_);
  const auto current = index();
  if (!even_if_in_place && !current->replaced()) return;
  auto opened = Index::open(index_options(options), locks, Index::Depth::thorough);
  MutexLock lock(mutex_);
  index_ = std::move(opened);
}

bool TierCore::remove_unnamed(IndexTxn& txn, const std::filesystem::path& file) const {
  if (const auto key = AudioFiles::key_of(file)) {
    const auto entry = txn.find(*key);
    if (entry && entry->location == Location::own_file && files.path(*entry) == file) return false;
  }
  return ::unlink(file.c_str()) == 0;
}

std::int64_t TierCore::finish_rebuild() {
  const auto current = index_for_writing();
  {
    const lmdb::ReadTxn txn(current->env());
    if (current->totals(txn).rebuild == 0) return 0;
  }
  std::int64_t adopted = 0;
  std::vector<std::filesystem::path> found;
  const auto flush = [&] {
    IndexTxn txn(*current, files);
    for (const auto& file : found) adopted += adopt(txn, file) ? 1 : 0;
    txn.commit();
    found.clear();
  };
  try {
    files.for_each_audio([&](const std::filesystem::path& file) {
      found.push_back(file);
      if (found.size() >= kBatch) flush();
    });
    flush();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::storage_full) throw;
    count_error(error.what());  // what finds no room is left to the sweep
  }
  IndexTxn txn(*current, files);
  txn.totals().rebuild = 0;
  txn.commit();
  return adopted;
}

bool TierCore::adopt(IndexTxn& txn, const std::filesystem::path& file) {
  const auto entry = files.carried_entry(file);
  if (!entry || entry->expires_at <= unix_seconds() || txn.find(entry->metadata.key)) return false;
  if (!limits.admits(entry->charge())) return false;
  counters.evictions += txn.make_room(limits, entry->charge());
  txn.insert(*entry);
  return true;
}

CacheTierStats TierCore::sums() {
  CacheTierStats stats;
  const auto current = index();
  if (!current) return stats;
  const lmdb::ReadTxn txn(current->env());
  stats.entries = txn.count(current->dbi(Index::kEntries));
  stats.size_bytes = static_cast<std::int64_t>(current->totals(txn).all_bytes());
  return stats;
}

void TierCore::count_error(std::string_view what) noexcept {
  counters.errors.fetch_add(1, std::memory_order_relaxed);
  log(LogLevel::warning, "cache", what);
}

}  // namespace bhashatts::cache
