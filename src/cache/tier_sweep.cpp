// Each walk reads in short transactions of kBatch entries, and takes the host's writer lock only
// where there is something to remove, again for kBatch of them: a hit is never delayed, another
// writer by a millisecond at most.
#include "cache/tier_sweep.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "bhashatts/error.h"

namespace bhashatts::cache {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 128;
constexpr std::int64_t kDamagedIndexKept = 86'400;  // seconds

// One entry as a walk sees it.
struct Seen {
  Key key;
  Decoded state = Decoded::damaged;
  Entry entry;  // set where state is good
};

Seen seen(const lmdb::Cursor& cursor) {
  Seen result;
  const std::string_view key = cursor.key();
  std::copy_n(key.begin(), std::min(key.size(), result.key.bytes.size()), result.key.bytes.begin());
  result.state = decode(cursor.value(), result.entry);
  if (result.state == Decoded::good && result.entry.metadata.key != result.key) {
    result.state = Decoded::damaged;
  }
  return result;
}

// The entries from `from` on, at most kBatch of them; `from` becomes where the next batch begins.
std::vector<Seen> next_batch(Index& index, std::string& from) {
  std::vector<Seen> batch;
  const lmdb::ReadTxn txn(index.env());
  lmdb::Cursor cursor(txn, index.dbi(Index::kEntries));
  for (bool more = cursor.seek(from); more && batch.size() < kBatch; more = cursor.next()) {
    batch.push_back(seen(cursor));
    from.assign(cursor.key());
    from += '\0';  // the least key behind it
  }
  return batch;
}

template <typename Visit>
void for_each_batch(Index& index, const Visit& visit) {
  std::string from(1, '\0');
  for (auto batch = next_batch(index, from); !batch.empty(); batch = next_batch(index, from)) {
    visit(batch);
  }
}

// The index may have moved on since the entry was seen: only the same write of it goes.
bool erase_if_same(IndexTxn& txn, const Seen& one) {
  const auto now = txn.find(one.key);
  if (one.state == Decoded::good && (!now || now->sequence != one.entry.sequence)) return false;
  if (one.state != Decoded::good && now) return false;
  return txn.erase(one.key);
}

std::int64_t erase_all(TierCore& core, Index& index, const std::vector<Seen>& going) {
  if (going.empty()) return 0;
  std::int64_t gone = 0;
  IndexTxn txn(index, core.files);
  for (const Seen& one : going) gone += erase_if_same(txn, one) ? 1 : 0;
  txn.commit();
  return gone;
}

template <typename Wanted>
std::int64_t erase_where(TierCore& core, Index& index, const Wanted& wanted) {
  std::int64_t gone = 0;
  for_each_batch(index, [&](std::vector<Seen>& batch) {
    std::erase_if(batch, [&](const Seen& one) { return !wanted(one); });
    gone += erase_all(core, index, batch);
  });
  return gone;
}

bool is_named(TierCore& core, Index& index, const fs::path& file) {
  const auto key = AudioFiles::key_of(file);
  if (!key) return false;
  const lmdb::ReadTxn txn(index.env());
  const auto bytes = txn.get(index.dbi(Index::kEntries), as_chars(*key));
  Entry entry;
  if (!bytes) return false;
  const Decoded state = decode(*bytes, entry);
  if (state == Decoded::newer) return true;  // who can read it will know
  return state == Decoded::good && entry.location == Location::own_file &&
         core.files.path(entry) == file;
}

std::int64_t remove_unnamed(TierCore& core, Index& index, std::vector<fs::path>& candidates) {
  if (candidates.empty()) return 0;
  std::int64_t gone = 0;
  IndexTxn txn(index, core.files);  // never committed: it is the lock that is wanted
  for (const fs::path& file : candidates) gone += core.remove_unnamed(txn, file) ? 1 : 0;
  candidates.clear();
  return gone;
}

std::int64_t sweep_audio(TierCore& core, Index& index) {
  std::int64_t gone = 0;
  std::vector<fs::path> candidates;
  core.files.for_each_audio([&](const fs::path& file) {
    if (is_named(core, index, file)) return;
    candidates.push_back(file);
    if (candidates.size() >= kBatch) gone += remove_unnamed(core, index, candidates);
  });
  return gone + remove_unnamed(core, index, candidates);
}

// A writer holds its token's lock for as long as it lives.
std::int64_t sweep_temporaries(TierCore& core) {
  std::int64_t gone = 0;
  core.files.for_each_temporary([&](const fs::path& file, std::optional<std::uint64_t> token) {
    if (token && core.locks->is_locked(*token)) return;
    if (::unlink(file.c_str()) == 0) ++gone;
  });
  return gone;
}

void sweep_damaged_index(TierCore& core) {
  const fs::path damaged = core.options.directory / "index.damaged";
  struct stat status {};
  if (::stat(damaged.c_str(), &status) != 0) return;
  if (unix_seconds() - status.st_ctime < kDamagedIndexKept) return;
  std::error_code ignored;
  fs::remove_all(damaged, ignored);
}

}  // namespace

std::int64_t sweep(TierCore& core) {
  const auto index = core.index_for_writing();
  core.finish_rebuild();
  index->env().clear_dead_readers();
  const std::int64_t now = unix_seconds();
  std::int64_t gone = erase_where(core, *index, [&](const Seen& one) {
    // A process that died between unlinking and its commit leaves an entry without a file.
    if (one.state == Decoded::good) {
      return one.entry.expires_at <= now || !core.files.is_there(one.entry);
    }
    return one.state == Decoded::damaged;
  });
  gone += sweep_temporaries(core);
  gone += sweep_audio(core, *index);
  sweep_damaged_index(core);
  return gone;
}

std::int64_t verify(TierCore& core, bool repair,
                    const std::function<void(const Key&, const std::string&)>& bad) {
  const auto index = core.options.read_only ? core.index() : core.index_for_writing();
  std::int64_t looked_at = 0;
  if (!index) return looked_at;
  for_each_batch(*index, [&](std::vector<Seen>& batch) {
    looked_at += static_cast<std::int64_t>(batch.size());
    for (const Seen& one : batch) {
      std::string why = "its index entry is damaged";
      if (one.state == Decoded::newer) continue;
      if (one.state == Decoded::good && core.files.load(one.entry, why)) continue;
      if (repair && !core.options.read_only && erase_all(core, *index, {one}) == 0) continue;
      bad(one.key, why);
    }
  });
  return looked_at;
}

std::int64_t clear(TierCore& core, const CacheFilter& filter) {
  core.finish_rebuild();
  const auto index = core.index_for_writing();
  std::int64_t counted = 0;
  const std::int64_t gone = erase_where(core, *index, [&](const Seen& one) {
    const bool wanted = filter.language.empty() || (one.state == Decoded::good &&
                                                    one.entry.metadata.language == filter.language);
    counted += wanted ? 1 : 0;
    return wanted && !filter.count_only;
  });
  return filter.count_only ? counted : gone;
}

}  // namespace bhashatts::cache
