// An index entry as bytes.
//
// Thread rule: functions without state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bhashatts/audio.h"

namespace bhashatts::cache {

// Where the audio lies: in a file of the tier, or in the local blob store.
enum class Location : std::uint8_t { own_file = 0, blob_store = 1 };
// The two queues of S3-FIFO: see index_txn.cpp.
enum class Queue : std::uint8_t { small = 0, main = 1 };
inline constexpr std::uint8_t kMaxFrequency = 3;

struct Entry {
  AudioMetadata metadata;
  Location location = Location::own_file;
  Queue queue = Queue::small;
  std::uint8_t frequency = 0;   // 0 to kMaxFrequency: how often it was asked for since it moved
  std::uint64_t sequence = 0;   // its place in the queue; every write of the audio gives a new one
  std::int64_t written_at = 0;  // Unix seconds
  std::int64_t expires_at = 0;  // Unix seconds

  // What counts against the tier's budget.
  std::uint64_t charge() const { return location == Location::own_file ? metadata.size_bytes : 0; }
  bool operator==(const Entry&) const = default;
};

enum class Decoded { good, newer, damaged };

// Raises bad_request where the texts of the metadata are longer than kMaxEntryBytes allows.
std::string encode(const Entry& entry);
// Trusts nothing. newer: whole, but written by a later version; `entry` is set only when good.
Decoded decode(std::string_view bytes, Entry& entry);

// Also what ext4 keeps beside a file; 600 utterances come to 3,000.
inline constexpr std::size_t kMaxEntryBytes = 4096;

}  // namespace bhashatts::cache
