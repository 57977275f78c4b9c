// What is known about the audio: utterances, speeches, pages, takes, usage and the ledger, in one
// LMDB environment, so that what belongs together is committed together.
//
// Thread rule: any thread, any process. What writes blocks for one synchronous commit (about 1 ms
// on an SSD); what reads does not block.
// A Catalog belongs to the process that opened it: a forked child opens its own.
// All raise Error (6xx): storage_full when the map or the disk is full, and nothing was written.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/audio.h"
#include "bhashatts/event_sink.h"
#include "bhashatts/speech.h"

namespace bhashatts::catalog {

// One synthesised utterance and its lossless master in the blob store.
struct UtteranceRecord {
  AudioMetadata metadata;   // of the FLAC master; metadata.key is the utterance key (with take)
  Key base;                 // the key less the take: what takes are counted by
  std::string text;         // spoken text
  std::string description;  // voice description
  std::string blob_name;
};

// One speech as it was made or derived: its record, and what it is joined from.
struct SpeechEntry {
  SpeechRecord record;
  std::vector<Key> utterances;  // in order
};

enum class AttemptState : std::uint8_t { reserved = 1, settled = 2, orphaned = 3 };

// One paid (or to be paid) attempt at the synthesizer.
struct LedgerEntry {
  std::uint64_t id = 0;
  std::int64_t at = 0;  // Unix ms of the reservation
  AttemptState state = AttemptState::reserved;
  Key utterance;
  std::string synthesizer;
  std::int64_t amount_micro_usd = 0;  // reserved: upper bound; settled: what it cost
  std::int64_t compute_ms = 0;
  std::string outcome;         // "made", or the name of an ErrorCode
  std::uint64_t owner = 0;     // process that reserved: see Catalog::orphan_reservations
  std::string request_id;      // the upstream's name for the call, to ask after it
  std::string model_revision;  // what the upstream said that it ran
};

// Requests alike, within one flush: see Usage.
struct UsageRow {
  Usage usage;
  std::int64_t at = 0;   // Unix ms of the last one
  std::string story_id;  // links the speech to the page, if it is not yet
  std::int32_t page_number = 0;
};

// What one accepted take tells of how its voice speaks. The catalog keeps the last kPacesKept of a
// voice; a take that goes (rejected, forgotten, cleared) takes its own along.
struct PaceSample {
  static constexpr std::size_t kParts = 8;
  static constexpr std::int32_t kUnmeasured = -1'000'000;
  // What the gate measured the text in, in hundredths: text::SpeechParts.
  std::array<std::int32_t, kParts> parts{};
  std::int32_t duration_ms = 0;
  std::int32_t likeness = kUnmeasured;  // of the audio to the text, in thousandths
  std::int32_t ending = 0;  // level of the last 20 ms, tenths of a decibel below the loud part

  bool operator==(const PaceSample&) const = default;
};
inline constexpr std::size_t kPacesKept = 128;

// What a voice is called by here: these three and nothing else tell how fast it speaks.
Key voice_key(std::string_view synthesizer, std::string_view language,
              std::string_view voice_style);

// Everything that one finished synthesis commits at once.
struct Made {
  UtteranceRecord utterance;
  // The speech that it is all of, when there is one: saves that a commit of its own.
  std::optional<SpeechEntry> speech;
  // What it cost: settles `reservation`, or (where that is 0) adds an entry that is settled.
  // Nothing for a synthesizer that is free: the ledger holds money only.
  std::optional<LedgerEntry> settled;
  std::uint64_t reservation = 0;
  std::optional<PaceSample> pace = {};  // of the voice that utterance.metadata names
};

struct Totals {
  std::int64_t entries = 0;             // speeches
  std::int64_t size_bytes = 0;          // of the speeches
  std::int64_t utterances = 0;          // ever synthesised
  std::int64_t generation_time_ms = 0;  // their sum
  std::int64_t paid_micro_usd = 0;      // settled and orphaned ledger entries
  std::int64_t paid_attempts = 0;       // ledger entries that were settled or orphaned
  std::int64_t accesses = 0;            // hits
  std::int64_t saved_micro_usd = 0;     // sum over hits of the generation cost of what they hit
  std::array<std::int64_t, kOrigins> requests{};
  std::int64_t requests_failed = 0;
};

// A longer story id is refused (bad_request): check before money is spent.
inline constexpr std::size_t kMaxStoryIdBytes = 1024;

// What SpeechRecord::text_hash holds. Not the guide's MD5, but SHA-256 cut to 128 bits over a field
// named "text" and the text: it names the text and nothing else, and is never part of a URL.
std::string text_hash(std::string_view spoken_text);

struct CatalogOptions {
  std::filesystem::path directory;  // made when absent
  std::int64_t map_bytes = 0;
  bool read_only = false;
};

class Catalog {
 public:
  // A damaged catalog is set aside as <directory>/damaged-<Unix ms> and an empty one begun: see
  // was_damaged(); read-only, it raises storage_damaged instead.
  // Raises storage_newer for a catalog that a newer version wrote.
  static std::unique_ptr<Catalog> open(const CatalogOptions& options);
  ~Catalog();

  bool was_damaged() const;
  // Reads everything, in a child process, so that damage costs that child and not the host. False:
  // it is damaged, no walk over it is safe, what writes raises storage_damaged from now on, and the
  // next opening will set it aside.
  bool examine();

  // The voice profile that this data directory was begun with; empty before the first one is set.
  std::string voice_profile();
  void set_voice_profile(std::string_view profile);

  // -- takes: which one is current
  std::int32_t take_of(const Key& base);  // 0 unless takes were rejected; about 1 us
  // Makes `take` + 1 current unless a later one is; removes the rejected utterance's record and
  // every speech that holds it. Returns the records removed, for their audio to be dropped.
  struct Dropped {
    std::vector<UtteranceRecord> utterances;
    std::vector<SpeechEntry> speeches;
    std::int64_t usage_events = 0;
  };
  Dropped reject(const Key& base, std::int32_t take);
  // Utterances that another host rejected, of which this one may have no record. One commit.
  void mark_rejected(std::span<const Key> utterances);
  bool is_rejected(const Key& utterance);  // here, or marked so; about 1 us

  // -- what was made
  std::optional<UtteranceRecord> utterance(const Key& key);
  std::optional<SpeechEntry> speech(const Key& key);
  // One synchronous commit. Of a take that was rejected meanwhile only the money is kept.
  void commit(const Made& made);
  // Adds a speech, or replaces its record (counters are kept), and links its page; a page that was
  // linked to another text moves over. text_hash is filled in where it is empty. Does nothing for a
  // speech that holds a rejected take or an utterance without a record.
  void put_speech(const SpeechEntry& speech);
  // Of several formats, the one linked last, unless one is asked for.
  std::optional<Key> page_speech(std::string_view story_id, std::int32_t page_number,
                                 std::string_view voice_style,
                                 std::optional<AudioFormat> format = {});

  // -- how voices speak
  // Oldest first, at most kPacesKept; one read of as many small records.
  std::vector<PaceSample> paces(const Key& voice);

  // -- ledger
  // Durable when it returns. With a budget, raises budget_exhausted where what was spent in the
  // month (UTC) of entry.at and this amount come to more: looked up and reserved in one commit, so
  // that no two processes take the same last cent. 0: no budget.
  std::uint64_t reserve(const LedgerEntry& entry, std::int64_t month_budget_micro_usd = 0);
  // Settling again replaces what was settled; an orphaned reservation becomes a settled one.
  void settle(std::uint64_t reservation, const LedgerEntry& settled);
  // Reservations whose Catalog is gone, with its process or before it, become orphaned: they count
  // as spent. Returns how many.
  std::int64_t orphan_reservations();
  // Newest first, at most `limit`.
  std::vector<LedgerEntry> ledger(std::size_t limit);
  // Settled, orphaned and reserved. Quick for the first millisecond of a month (UTC); any other
  // time reads the whole ledger.
  std::int64_t spent_micro_usd_since(std::int64_t unix_ms);

  // -- usage and events
  void add_usage(std::span<const UsageRow> rows);  // one commit
  std::vector<Event> events_after(std::uint64_t id, std::size_t limit);
  std::uint64_t cursor(std::string_view sink);
  void set_cursor(std::string_view sink, std::uint64_t id);
  // Drops events from before `unix_ms`. Returns how many.
  std::int64_t expire_events(std::int64_t unix_ms);

  // -- the whole
  Totals totals();
  void for_each_utterance(const std::function<void(const UtteranceRecord&)>& visit);
  void for_each_speech(const std::function<void(const SpeechEntry&)>& visit);
  // Remove records and say what went; the audio is the caller's to remove. Each speech leaves a
  // speech_removed event that names its key and no text.
  // forget_text: speeches of exactly this text; their utterances that no other speech holds;
  // utterances of exactly this text, and every speech that holds one; their events.
  Dropped forget_text(std::string_view spoken_text);
  Dropped forgettable(std::string_view spoken_text);  // what forget_text would drop
  // What another host forgot: these utterances, every speech that holds one, their events.
  Dropped forget_utterances(std::span<const Key> utterances);
  // The same, of a text, by the keys of its speeches, of what was made up to that time (Unix ms):
  // these, their utterances that no other speech holds, their events.
  Dropped forget_speeches(std::span<const Key> speeches, std::int64_t until);
  Dropped forget_user(std::string_view user_id);  // usage events only
  // Of all users that are meant, up to that time (Unix ms).
  Dropped forget_users(const std::function<bool(std::string_view)>& is_meant, std::int64_t until);
  Dropped remove_speech(const Key& key);
  Dropped remove_utterance(const Key& key);       // and every speech that holds it
  Dropped remove_all(std::string_view language);  // empty: every language
  // Walks everything; calls `bad` for records that cannot be read or do not agree with each other,
  // after mending or removing them when `repair`. Returns how many records it read.
  // With repair, writers wait until it is done: 400,000 records took 2 s on a busy machine.
  std::int64_t verify(bool repair, const std::function<void(const std::string&)>& bad);

 private:
  struct State;
  explicit Catalog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bhashatts::catalog
