// Records as they lie in the catalog, and back. LMDB keeps no checksums of its pages, so each
// record begins with four bytes of XXH3 over the rest: a flipped bit is an unreadable record, never
// a wrong amount.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/catalog.h"

namespace bhashatts::catalog {

// What changes with every hit, apart from the record that does not.
struct HitCounter {
  std::int64_t access_count = 0;
  std::int64_t last_accessed_at = 0;  // Unix seconds
};

// A page, and the speech that was last made for it (in one style and one format).
struct PageLink {
  Key speech;
  std::string story_id;
  std::int32_t page_number = 0;
  std::string voice_style;
  AudioFormat format = AudioFormat::wav;
  std::int64_t linked_at = 0;  // Unix ms
};

// The totals and the next free ids, updated in the same commit as what they count.
struct StoredTotals {
  Totals totals;
  std::uint64_t next_event = 1;
  std::uint64_t next_ledger = 1;
};

// A sample and its place among those of its voice.
struct NumberedPace {
  std::uint64_t number = 0;
  PaceSample sample;
};

// No record is longer; a longer one is refused when it is written, unreadable when it is read.
inline constexpr std::size_t kMaxRecordBytes = 1'000'000;

// Record: UtteranceRecord, SpeechEntry, LedgerEntry, Event, HitCounter, PageLink, StoredTotals,
// NumberedPace.
// Not kept: an Event's and a LedgerEntry's id (their key), a SpeechEntry's counters (HitCounter).
template <typename Record>
std::string encode(const Record& record);

// Nothing when the bytes are not such a record.
template <typename Record>
std::optional<Record> decode(std::string_view bytes);

// The same less the checksum, for the fuzz target, which cannot guess one.
template <typename Record>
std::string encode_body(const Record& record);
template <typename Record>
std::optional<Record> decode_body(std::string_view bytes);

}  // namespace bhashatts::catalog
