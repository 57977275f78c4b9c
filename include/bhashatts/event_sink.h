// The observer: lets a host mirror what the catalog records into a database of its own.
//
// Thread rule: deliver() is called by one thread of one process of the host at a time.
// Delivery is durable, in batches and at least once: an event is delivered again when deliver()
// raised or the process died before the cursor moved. Events have ascending ids.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "bhashatts/audio.h"

namespace bhashatts {

enum class EventKind : std::uint8_t {
  usage = 1,           // one request, or several alike within a second: see Usage::requests
  speech_stored = 2,   // a speech was made, or is linked to one more page
  speech_removed = 3,  // rejected, forgotten or cleared
};

enum class UsageStatus : std::uint8_t { success = 1, cached = 2, error = 3 };

// One line of the usage log. Hits of the same speech by the same user are one line a second, so
// that a hit costs no write of its own; `requests` says how many they were.
struct Usage {
  Key speech_key;
  std::int64_t requests = 1;
  std::int32_t text_length = 0;  // code points of the spoken text
  std::string language;
  std::string voice_style;
  UsageStatus status = UsageStatus::success;
  bool was_cached = false;
  std::string origin;                         // "memory", "lmdb", ...; empty on error
  std::int64_t response_time_us = 0;          // mean over `requests`
  std::int64_t estimated_cost_micro_usd = 0;  // what the call paid; 0 for hits
  std::string error_message;
  std::string user_id;
};

// What the guide calls AudioCache, less its counters: one speech and the page it was made for.
struct SpeechRecord {
  AudioMetadata metadata;
  std::string text;       // spoken text
  std::string text_hash;  // 32 hex digits
  std::string blob_name;  // its object in the blob store; empty: only in tiers
  std::int64_t access_count = 0;
  std::int64_t last_accessed_at = 0;  // Unix seconds
  std::string story_id;               // empty: no page
  std::int32_t page_number = 0;       // from 1
};

struct Event {
  std::uint64_t id = 0;
  std::int64_t at = 0;  // Unix milliseconds
  EventKind kind = EventKind::usage;
  std::optional<Usage> usage;
  std::optional<SpeechRecord> speech;
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  // Names the cursor in the catalog: a host that comes back under its name goes on where it was. No
  // two sinks of an engine have the same.
  virtual std::string name() const = 0;
  // Returns when the events are safe at the host; raises to have them delivered again. It may ask
  // the engine that calls it, and must not close it.
  virtual void deliver(std::span<const Event> events) = 0;
};

}  // namespace bhashatts
