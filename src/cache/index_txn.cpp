// S3-FIFO, kept in LMDB so that all processes share one order and a restart does not forget it.
//
// A new entry goes into the small queue, a tenth of the bytes. What nobody asked for again leaves
// it soon, and only its key is remembered, as a ghost; what was asked for moves to the main queue,
// where each further request spares it one round. A scan (a prewarm over a library) thus passes
// through the small queue and leaves the main one alone. Hits only count (0 to 3); they move
// nothing, and are written in batches. LRU would write on each hit, and a scan empties it.
//
//   entries  key -> Entry
//   fifo     's' | 'm' + sequence -> key, charge        'g' + sequence -> key
//   ghost    key -> sequence
//   totals   "totals" -> Totals; its sums are the sums over fifo
//
// A fifo record is good when its entry names its queue and sequence; one that was left behind (its
// entry could not be read) is dropped when its turn comes.
//
// Files are unlinked before the commit. A crash in between leaves an entry without a file, which is
// a miss; the other order could unlink what another process has put there since.
#include "cache/index_txn.h"

#include <algorithm>

namespace bhashatts::cache {
namespace {

char letter(Queue queue) { return queue == Queue::small ? 's' : 'm'; }

std::string place(char queue, std::uint64_t sequence) { return queue + lmdb::be64(sequence); }

Key to_key(std::string_view bytes) {
  Key key;
  std::copy_n(bytes.begin(), std::min(bytes.size(), key.bytes.size()), key.bytes.begin());
  return key;
}

struct Place {
  std::uint64_t sequence = 0;
  Key key;
  std::uint64_t charge = 0;
};

std::optional<Place> oldest(const lmdb::Txn& txn, MDB_dbi fifo, char queue) {
  lmdb::Cursor cursor(txn, fifo);
  const std::string first = place(queue, 0);
  if (!cursor.seek(first) || cursor.key().front() != queue) return std::nullopt;
  const std::string_view value = cursor.value();
  return Place{lmdb::from_be64(cursor.key().substr(1)), to_key(value.substr(0, 16)),
               value.size() == 24 ? lmdb::from_be64(value.substr(16)) : 0};
}

void subtract(std::uint64_t& sum, std::uint64_t part) { sum -= std::min(sum, part); }

}  // namespace

IndexTxn::IndexTxn(Index& index, const AudioFiles& files)
    : index_(index),
      files_(files),
      txn_(index.env()),
      before_(index.totals(txn_)),
      totals_(before_) {}

std::optional<Entry> IndexTxn::find(const Key& key) const {
  const auto bytes = txn_.get(index_.dbi(Index::kEntries), as_chars(key));
  Entry entry;
  if (!bytes || decode(*bytes, entry) != Decoded::good || entry.metadata.key != key) {
    return std::nullopt;
  }
  return entry;
}

void IndexTxn::insert(Entry entry) {
  const auto old = find(entry.metadata.key);
  if (old) {
    forget_place(old->queue, old->sequence);
    if (files_.own_path(old->metadata) != files_.own_path(entry.metadata) ||
        entry.location != Location::own_file) {
      files_.remove(*old);
    }
  }
  const bool ghost = take_ghost(entry.metadata.key);
  entry.queue = old ? old->queue : (ghost ? Queue::main : Queue::small);
  entry.frequency = old ? old->frequency : 0;
  store(entry);
}

bool IndexTxn::erase(const Key& key) {
  if (const auto entry = find(key)) {
    forget_place(entry->queue, entry->sequence);
    files_.remove(*entry);
  }
  return txn_.erase(index_.dbi(Index::kEntries), as_chars(key));
}

void IndexTxn::touch(const Key& key) {
  auto entry = find(key);
  if (!entry || entry->frequency >= kMaxFrequency) return;
  ++entry->frequency;
  txn_.put(index_.dbi(Index::kEntries), as_chars(key), encode(*entry));
}

std::int64_t IndexTxn::make_room(const Limits& limits, std::uint64_t charge) {
  std::int64_t evicted = 0;
  while (totals_.all_bytes() + charge > limits.bytes || totals_.all_count() >= limits.entries) {
    const Step step = evict_step(limits);
    if (step == Step::nothing) break;
    if (step == Step::evicted) ++evicted;
  }
  return evicted;
}

std::optional<Key> IndexTxn::first_key(const std::string& from) const {
  lmdb::Cursor cursor(txn_, index_.dbi(Index::kEntries));
  if (!cursor.seek(from)) return std::nullopt;
  return to_key(cursor.key());
}

void IndexTxn::commit() {
  if (totals_ != before_) txn_.put(index_.dbi(Index::kTotals), "totals", encode(totals_));
  txn_.commit();
}

IndexTxn::Step IndexTxn::evict_step(const Limits& limits) {
  const bool small_is_full =
      totals_.bytes[0] > limits.bytes / 10 || totals_.count[0] > limits.entries / 10;
  const Queue first = small_is_full || totals_.count[1] == 0 ? Queue::small : Queue::main;
  const Step step = evict_from(first);
  if (step != Step::nothing) return step;
  return evict_from(first == Queue::small ? Queue::main : Queue::small);
}

IndexTxn::Step IndexTxn::evict_from(Queue queue) {
  const auto place = oldest(txn_, index_.dbi(Index::kFifo), letter(queue));
  if (!place) return Step::nothing;
  auto entry = find(place->key);
  if (!entry || entry->queue != queue || entry->sequence != place->sequence) {
    forget_place(queue, place->sequence);
    if (!entry) txn_.erase(index_.dbi(Index::kEntries), as_chars(place->key));
    return Step::moved;
  }
  if (entry->frequency == 0) {
    evict(*entry, queue == Queue::small);
    return Step::evicted;
  }
  // Out of the small queue with a clean slate; in the main queue for one round more.
  const auto left = static_cast<std::uint8_t>(queue == Queue::small ? 0 : entry->frequency - 1);
  move(std::move(*entry), Queue::main, left);
  return Step::moved;
}

void IndexTxn::evict(const Entry& entry, bool remember) {
  erase(entry.metadata.key);
  if (remember) add_ghost(entry.metadata.key);
}

void IndexTxn::move(Entry entry, Queue queue, std::uint8_t frequency) {
  forget_place(entry.queue, entry.sequence);
  entry.queue = queue;
  entry.frequency = frequency;
  store(entry);
}

void IndexTxn::store(Entry& entry) {
  entry.sequence = ++totals_.sequence;
  const std::string_view key = as_chars(entry.metadata.key);
  txn_.put(index_.dbi(Index::kEntries), key, encode(entry));
  txn_.put(index_.dbi(Index::kFifo), place(letter(entry.queue), entry.sequence),
           std::string(key) + lmdb::be64(entry.charge()));
  totals_.bytes[static_cast<std::size_t>(entry.queue)] += entry.charge();
  totals_.count[static_cast<std::size_t>(entry.queue)] += 1;
}

void IndexTxn::forget_place(Queue queue, std::uint64_t sequence) {
  const std::string key = place(letter(queue), sequence);
  const auto value = txn_.get(index_.dbi(Index::kFifo), key);
  if (!value) return;
  const std::uint64_t charge = value->size() == 24 ? lmdb::from_be64(value->substr(16)) : 0;
  subtract(totals_.bytes[static_cast<std::size_t>(queue)], charge);
  subtract(totals_.count[static_cast<std::size_t>(queue)], 1);
  txn_.erase(index_.dbi(Index::kFifo), key);
}

bool IndexTxn::take_ghost(const Key& key) {
  const auto sequence = txn_.get(index_.dbi(Index::kGhost), as_chars(key));
  if (!sequence) return false;
  txn_.erase(index_.dbi(Index::kFifo), place('g', lmdb::from_be64(*sequence)));
  txn_.erase(index_.dbi(Index::kGhost), as_chars(key));
  subtract(totals_.ghosts, 1);
  return true;
}

// As many ghosts as entries: so the paper, and the index stays within twice its size.
void IndexTxn::add_ghost(const Key& key) {
  take_ghost(key);
  const std::uint64_t sequence = ++totals_.sequence;
  txn_.put(index_.dbi(Index::kGhost), as_chars(key), lmdb::be64(sequence));
  txn_.put(index_.dbi(Index::kFifo), place('g', sequence), as_chars(key));
  ++totals_.ghosts;
  while (totals_.ghosts > std::max<std::uint64_t>(totals_.all_count(), 64)) {
    const auto last = oldest(txn_, index_.dbi(Index::kFifo), 'g');
    if (!last || !take_ghost(last->key)) break;
  }
}

}  // namespace bhashatts::cache
