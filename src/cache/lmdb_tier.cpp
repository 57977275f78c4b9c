// Why the audio is not in LMDB: megabyte values need hundreds of contiguous pages, which an
// evicting cache soon lacks (0.1 ms puts became 27 ms at 4 GiB), and hold the host's one writer
// lock while they are copied (p99 4 to 6 ms with four writers, against 40 us for an index entry);
// and a view into LMDB needs a read transaction that stays open, which stops all pages from being
// reused. A mapped file is a view that needs nobody, and nginx can send it as it is.
//
// A hit takes no lock that a writer holds: one read transaction, one open and map, one checksum.
// Who wants it again asks the memory tier.
#include "cache/lmdb_tier.h"

#include <exception>
#include <utility>

#include "base/clock.h"
#include "bhashatts/error.h"
#include "cache/tier_core.h"
#include "cache/tier_sweep.h"
#include "cache/tier_writer.h"

namespace bhashatts::cache {

struct LmdbTier::State {
  explicit State(LmdbTierOptions options) : core(std::move(options)), writer(core) {}

  std::optional<Entry> find(const Key& key);
  std::optional<Entry> read(const Key& key);
  std::optional<CacheEntry> serve(const Key& key);
  void reject(const Entry& entry, const std::string& why);

  TierCore core;
  TierWriter writer;
};

namespace {

// Runs what may fail on the disk; a failure is counted and gives the fallback.
template <typename Action, typename Result>
Result attempt(TierCore& core, const Action& action, Result fallback) noexcept {
  try {
    return action();
  } catch (const Error& error) {
    core.count_error(error.what());
    if (error.code() == ErrorCode::storage_damaged) core.heal_quietly();
  } catch (const std::exception& error) {
    core.count_error(error.what());
  }
  return fallback;
}

}  // namespace

// What the index says, if it says it soundly.
std::optional<Entry> LmdbTier::State::read(const Key& key) {
  const auto index = core.index();
  if (!index) return std::nullopt;
  Entry entry;
  Decoded state = Decoded::good;
  {
    const lmdb::ReadTxn txn(index->env());
    const auto bytes = txn.get(index->dbi(Index::kEntries), as_chars(key));
    if (!bytes) return std::nullopt;
    state = decode(*bytes, entry);
  }
  if (state == Decoded::good && entry.metadata.key == key) return entry;
  if (state != Decoded::newer) {
    core.count_error("an index entry is damaged; it is removed");
    if (!core.options.read_only) writer.drop(key, 0);
  }
  return std::nullopt;
}

std::optional<Entry> LmdbTier::State::find(const Key& key) {
  auto entry = read(key);
  if (entry) return entry;
  const auto before = core.index();
  core.follow_replacement();
  return core.index() == before ? std::nullopt : read(key);
}

std::optional<CacheEntry> LmdbTier::State::serve(const Key& key) {
  auto entry = find(key);
  if (!entry) return std::nullopt;
  std::string why;
  if (entry->expires_at <= unix_seconds()) {
    if (!core.options.read_only) writer.drop(key, entry->sequence);
    return std::nullopt;
  }
  auto bytes = core.files.load(*entry, why);
  if (!bytes) {
    reject(*entry, why);
    return std::nullopt;
  }
  if (!core.options.read_only && entry->frequency < kMaxFrequency) writer.touch(key);
  return CacheEntry{std::move(*bytes),
                    std::make_shared<const AudioMetadata>(std::move(entry->metadata))};
}

// A file may be missing because it was evicted since the entry was read; that is no error.
void LmdbTier::State::reject(const Entry& entry, const std::string& why) {
  const Key& key = entry.metadata.key;
  const auto now = read(key);
  if (!now || now->sequence != entry.sequence) return;
  core.count_error(key.hex() + ": " + why + "; it is removed");
  if (!core.options.read_only) writer.drop(key, entry.sequence);
}

std::unique_ptr<LmdbTier> LmdbTier::open(LmdbTierOptions options) {
  return std::unique_ptr<LmdbTier>(new LmdbTier(std::make_unique<State>(std::move(options))));
}

LmdbTier::LmdbTier(std::unique_ptr<State> state) : state_(std::move(state)) {}
LmdbTier::~LmdbTier() = default;

std::optional<CacheEntry> LmdbTier::get(const Key& key) {
  TierCore& core = state_->core;
  auto hit = attempt(
      core, [&] { return state_->serve(key); }, std::optional<CacheEntry>());
  auto& counter = hit ? core.counters.hits : core.counters.misses;
  counter.fetch_add(1, std::memory_order_relaxed);
  return hit;
}

void LmdbTier::put(const CacheEntry& entry, std::chrono::seconds ttl) { put(entry, ttl, {}); }

void LmdbTier::put(const CacheEntry& entry, std::chrono::seconds ttl,
                   std::function<void(std::optional<CacheEntry>)> written) {
  const auto queue = [&] {
    if (state_->core.options.read_only) return false;
    state_->writer.put(entry, ttl, written);
    return true;
  };
  if (!attempt(state_->core, queue, false) && written) written(std::nullopt);
}

void LmdbTier::erase(const Key& key) {
  TierCore& core = state_->core;
  if (core.options.read_only) return;
  state_->writer.flush();
  attempt(
      core,
      [&] {
        core.finish_rebuild();
        IndexTxn txn(*core.index_for_writing(), core.files);
        txn.erase(key);
        txn.commit();
        return true;
      },
      false);
}

std::int64_t LmdbTier::clear(const CacheFilter& filter) {
  TierCore& core = state_->core;
  if (core.options.read_only) return 0;
  state_->writer.flush();
  return attempt(
      core, [&] { return cache::clear(core, filter); }, std::int64_t{0});
}

CacheTierStats LmdbTier::stats() {
  TierCore& core = state_->core;
  return core.counters.told(attempt(
      core, [&] { return core.sums(); }, CacheTierStats{}));
}

void LmdbTier::touch(const Key& key) {
  if (!state_->core.options.read_only) state_->writer.touch(key);
}

bool LmdbTier::needs_sweep() {
  TierCore& core = state_->core;
  if (core.options.read_only) return false;
  return attempt(
      core,
      [&] {
        const auto index = core.index();
        const lmdb::ReadTxn txn(index->env());
        return index->totals(txn).rebuild != 0;
      },
      false);
}

void LmdbTier::flush() { state_->writer.flush(); }

std::int64_t LmdbTier::sweep() {
  TierCore& core = state_->core;
  if (core.options.read_only) return 0;
  return attempt(
      core, [&] { return cache::sweep(core); }, std::int64_t{0});
}

std::int64_t LmdbTier::verify(bool repair,
                              const std::function<void(const Key&, const std::string&)>& bad) {
  state_->writer.flush();
  return attempt(
      state_->core, [&] { return cache::verify(state_->core, repair, bad); }, std::int64_t{0});
}

}  // namespace bhashatts::cache
