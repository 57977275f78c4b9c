// One write transaction over the index, and the files that go with it.
//
// Thread rule: belongs to one thread; holds the host's one writer lock while it lives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cache/audio_files.h"
#include "cache/index.h"

namespace bhashatts::cache {

struct Limits {
  std::uint64_t bytes = 0;    // of the tier's own files
  std::uint64_t entries = 0;  // that the map has room for

  // A larger one would sweep a sixteenth of the cache away for one speech.
  bool admits(std::uint64_t size) const { return size <= bytes / 16; }
};

class IndexTxn {
 public:
  IndexTxn(Index& index, const AudioFiles& files);

  // Undecodable entries are none.
  std::optional<Entry> find(const Key& key) const;
  // Gives the entry its queue, frequency and sequence; its audio must be in place. Removes the
  // file of the entry that it replaces.
  void insert(Entry entry);
  // Entry and own file. False when there was none.
  bool erase(const Key& key);
  void touch(const Key& key);
  // Evicts until `charge` more bytes and one more entry fit; returns how many went.
  std::int64_t make_room(const Limits& limits, std::uint64_t charge);
  // The first key not less than `from`.
  std::optional<Key> first_key(const std::string& from) const;

  Totals& totals() { return totals_; }
  lmdb::WriteTxn& raw() { return txn_; }
  void commit();

 private:
  enum class Step { evicted, moved, nothing };

  Step evict_step(const Limits& limits);
  Step evict_from(Queue queue);
  void evict(const Entry& entry, bool remember);
  void move(Entry entry, Queue queue, std::uint8_t frequency);
  void store(Entry& entry);
  void forget_place(Queue queue, std::uint64_t sequence);
  bool take_ghost(const Key& key);
  void add_ghost(const Key& key);

  Index& index_;
  const AudioFiles& files_;
  lmdb::WriteTxn txn_;
  const Totals before_;
  Totals totals_;
};

}  // namespace bhashatts::cache
