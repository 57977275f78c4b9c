// Group commit: while one transaction commits (0.5 to 0.7 ms on an SSD) others queue, and the next
// takes them all. Temporary files are written before the writer lock of the host is taken, so that
// it is held for renames and index pages only (some 40 us a speech); values inside LMDB would hold
// it for milliseconds.
//
// Renames happen inside the transaction: a sweep that holds the writer lock thus knows that no
// live writer is between its rename and its commit.
#include "cache/tier_writer.h"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/clock.h"
#include "base/files.h"
#include "base/inside.h"
#include "base/log.h"
#include "bhashatts/error.h"

namespace bhashatts::cache {
namespace {

constexpr std::uint64_t kMaxWaitingBytes = std::uint64_t{64} << 20;
constexpr std::size_t kMaxGroup = 256;
constexpr std::uint64_t kMaxGroupBytes = std::uint64_t{32} << 20;
// Lost on a crash, so not too many; a thread and a commit for each hit would be too few.
constexpr std::size_t kTouchesThatWrite = 256;
constexpr std::size_t kMaxDrops = 4096;
// Longer than anyone keeps a cache, and far from overflow when added to a time.
constexpr std::int64_t kMaxTtl = std::int64_t{100} * 365 * 86'400;

}  // namespace

TierWriter::~TierWriter() {
  std::thread thread;
  {
    MutexLock lock(mutex_);
    if (!touches_.empty() && !stopping_) start_if_it_can();
    stopping_ = true;
    thread = std::move(thread_);
  }
  changed_.notify_all();
  if (thread.joinable()) thread.join();
}

// Touches are only counts: without memory for a thread they are lost.
void TierWriter::start_if_it_can() noexcept {
  try {
    start();
  } catch (const std::exception& error) {
    core_.count_error(error.what());
  }
}

void TierWriter::start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void TierWriter::put(const CacheEntry& audio, std::chrono::seconds ttl, Written written) {
  Put put{.audio = audio, .entry = {}, .written = std::move(written), .temporary = {}};
  put.entry.metadata = *audio.metadata;
  put.entry.written_at = unix_seconds();
  put.entry.expires_at = put.entry.written_at + std::clamp<std::int64_t>(ttl.count(), 0, kMaxTtl);
  const std::uint64_t size = audio.audio.size();
  MutexLock lock(mutex_);
  const bool may_wait = !Inside::of(this);
  while (may_wait && waiting_bytes_ > 0 && waiting_bytes_ + size > kMaxWaitingBytes) {
    changed_.wait(mutex_);
  }
  start();
  puts_.push_back(std::move(put));
  waiting_bytes_ += size;
  ++queued_;
  changed_.notify_all();
}

void TierWriter::drop(const Key& key, std::uint64_t sequence) {
  MutexLock lock(mutex_);
  if (drops_.size() >= kMaxDrops) return;  // the next touch of it finds it again
  start();
  drops_[key] = sequence;
  ++queued_;
  changed_.notify_all();
}

void TierWriter::touch(const Key& key) {
  MutexLock lock(mutex_);
  if (touches_.size() >= 4 * kTouchesThatWrite) return;
  touches_.insert(key);
  if (touches_.size() != kTouchesThatWrite) return;
  start();
  ++queued_;
  changed_.notify_all();
}

void TierWriter::flush() {
  if (Inside::of(this)) return;
  MutexLock lock(mutex_);
  if (!touches_.empty()) {
    start();
    ++queued_;
    changed_.notify_all();
  }
  const std::uint64_t until = queued_;
  while (done_ < until) changed_.wait(mutex_);
}

TierWriter::Work TierWriter::take() {
  Work work;
  std::uint64_t bytes = 0;
  while (!puts_.empty() && work.puts.size() < kMaxGroup && bytes < kMaxGroupBytes) {
    bytes += puts_.front().audio.audio.size();
    work.puts.push_back(std::move(puts_.front()));
    puts_.pop_front();
  }
  work.drops = std::exchange(drops_, {});
  work.touches = std::exchange(touches_, {});
  return work;
}

void TierWriter::run() {
  const Inside inside(this);
  for (;;) {
    Work work;
    std::uint64_t bytes = 0;
    std::uint64_t until = 0;
    {
      MutexLock lock(mutex_);
      while (done_ == queued_ && !stopping_) changed_.wait(mutex_);
      work = take();
      if (work.empty() && stopping_) return;
      until = puts_.empty() ? queued_ : done_;
    }
    for (const Put& put : work.puts) bytes += put.audio.audio.size();
    carry_out(work);
    work = {};
    MutexLock lock(mutex_);
    waiting_bytes_ -= bytes;
    done_ = until;
    changed_.notify_all();
  }
}

void TierWriter::carry_out(Work& work) {
  std::erase_if(work.puts, [&](Put& put) {
    if (prepare(put)) return false;
    tell(put, false);
    return true;
  });
  if (work.empty()) return;
  if (write_together(work)) {
    for (Put& put : work.puts) tell(put, true);
    return;
  }
  for (Put& put : work.puts) tell(put, write_alone(put));
}

// Brings the audio as far as it gets without the writer lock.
bool TierWriter::prepare(Put& put) {
  const AudioMetadata& metadata = put.entry.metadata;
  try {
    if (metadata.size_bytes != put.audio.audio.size() || put.audio.audio.empty()) {
      throw Error(ErrorCode::bad_request, "audio and metadata disagree about the size");
    }
    if (core_.files.in_blob_store(metadata)) {
      put.entry.location = Location::blob_store;
      return true;
    }
    if (!core_.limits.admits(metadata.size_bytes)) return false;
    put.temporary = core_.files.write_temporary(core_.token->offset(), put.entry, put.audio.audio);
    return true;
  } catch (const std::exception& error) {
    core_.count_error(error.what());
    return false;
  }
}

bool TierWriter::write_together(Work& work) {
  try {
    const auto index = core_.index_for_writing();
    IndexTxn txn(*index, core_.files);
    for (const auto& [key, sequence] : work.drops) drop_now(txn, key, sequence);
    for (const Key& key : work.touches) txn.touch(key);
    for (Put& put : work.puts) apply(txn, put);
    txn.commit();
    return true;
  } catch (const Error& error) {
    core_.count_error(error.what());
    after(error);
  } catch (const std::exception& error) {
    core_.count_error(error.what());
  }
  return false;
}

// A full disk evicts nothing: it may be others who filled it, and what is kept goes on being
// served.
void TierWriter::after(const Error& failure) {
  try {
    if (dynamic_cast<const lmdb::MapFull*>(&failure) != nullptr) make_room_in_map();
    if (failure.code() == ErrorCode::storage_damaged) core_.heal();
  } catch (const std::exception& error) {
    core_.count_error(error.what());
  }
}

// What could not be written in company may still fit alone.
bool TierWriter::write_alone(Put& put) {
  try {
    const auto index = core_.index_for_writing();
    IndexTxn txn(*index, core_.files);
    apply(txn, put);
    txn.commit();
    return true;
  } catch (const std::exception& error) {
    core_.count_error(error.what());
  }
  give_up(put);
  return false;
}

void TierWriter::apply(IndexTxn& txn, Put& put) {
  const Entry& entry = put.entry;
  core_.counters.evictions += txn.make_room(core_.limits, entry.charge());
  if (entry.location == Location::own_file) {
    if (!put.placed) core_.files.place(put.temporary, entry.metadata);
    put.placed = true;
    // Placed by a transaction that failed, it may have fallen to another process's sweep.
    if (::access(core_.files.own_path(entry.metadata).c_str(), F_OK) != 0) {
      throw file_error("find", core_.files.own_path(entry.metadata), ENOENT);
    }
  }
  txn.insert(entry);
}

void TierWriter::drop_now(IndexTxn& txn, const Key& key, std::uint64_t sequence) {
  const auto entry = txn.find(key);
  if (!entry || entry->sequence == sequence) txn.erase(key);
}

void TierWriter::give_up(Put& put) {
  if (put.entry.location != Location::own_file) return;
  if (!put.placed) {
    ::unlink(put.temporary.c_str());
    return;
  }
  try {
    IndexTxn txn(*core_.index(), core_.files);
    core_.remove_unnamed(txn, core_.files.own_path(put.entry.metadata));
  } catch (const std::exception& error) {
    core_.count_error(error.what());  // the sweep will
  }
}

// Deleting needs fresh pages as well, so a few at a time.
void TierWriter::make_room_in_map() {
  IndexTxn txn(*core_.index(), core_.files);
  const std::uint64_t count = txn.totals().all_count();
  const Limits fewer{core_.limits.bytes, count - std::min<std::uint64_t>(count, 8)};
  core_.counters.evictions += txn.make_room(fewer, 0);
  txn.commit();
}

void TierWriter::tell(Put& put, bool kept) {
  if (!put.written) return;
  std::optional<CacheEntry> entry;
  try {
    std::string why;
    if (kept) {
      if (auto bytes = core_.files.load(put.entry, why)) {
        entry = CacheEntry{std::move(*bytes), put.audio.metadata};
      }
    }
    put.written(std::move(entry));
  } catch (const std::exception& error) {
    core_.count_error(error.what());
  }
}

}  // namespace bhashatts::cache
