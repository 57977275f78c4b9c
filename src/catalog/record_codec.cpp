// One list of fields a record, read by wire::Writer and wire::Reader alike. A field's number is
// never given to another meaning; a field that is no longer written keeps its line as a comment.
#include "catalog/record_codec.h"

#include "base/hash.h"
#include "bhashatts/error.h"
#include "catalog/wire.h"

namespace bhashatts {

// The last value of each enumeration that is kept: wire::Reader refuses what lies beyond.
static std::int64_t last_of(AudioFormat) { return static_cast<std::int64_t>(AudioFormat::mp3); }
static std::int64_t last_of(UsageStatus) { return static_cast<std::int64_t>(UsageStatus::error); }
static std::int64_t last_of(EventKind) {
  return static_cast<std::int64_t>(EventKind::speech_removed);
}

namespace catalog {

static std::int64_t last_of(AttemptState) {
  return static_cast<std::int64_t>(AttemptState::orphaned);
}

namespace {

constexpr auto metadata_fields = [](auto& visit, auto& m) {
  visit(1, m.key);
  visit(2, m.format);
  visit(3, m.sample_rate);
  visit(4, m.duration_ms);
  visit(5, m.size_bytes);
  visit(6, m.checksum);
  visit(7, m.synthesizer);
  visit(8, m.language);
  visit(9, m.voice_style);
  visit(10, m.take);
  visit(11, m.utterances);
  visit(12, m.generation_time_ms);
  visit(13, m.generation_cost_micro_usd);
  visit(14, m.created_at);
  visit(15, m.places);
};

constexpr auto speech_fields = [](auto& visit, auto& s) {
  visit.nested(1, s.metadata, metadata_fields);
  visit(2, s.text);
  visit(3, s.text_hash);
  visit(4, s.blob_name);
  visit(5, s.story_id);
  visit(6, s.page_number);
};

constexpr auto usage_fields = [](auto& visit, auto& u) {
  visit(1, u.speech_key);
  visit(2, u.requests);
  visit(3, u.text_length);
  visit(4, u.language);
  visit(5, u.voice_style);
  visit(6, u.status);
  visit(7, u.was_cached);
  visit(8, u.origin);
  visit(9, u.response_time_us);
  visit(10, u.estimated_cost_micro_usd);
  visit(11, u.error_message);
  visit(12, u.user_id);
};

template <typename Record>
struct Fields;

template <>
struct Fields<UtteranceRecord> {
  static void list(auto& visit, auto& u) {
    visit.nested(1, u.metadata, metadata_fields);
    visit(2, u.base);
    visit(3, u.text);
    visit(4, u.description);
    visit(5, u.blob_name);
  }
};

template <>
struct Fields<SpeechEntry> {
  static void list(auto& visit, auto& s) {
    visit.nested(1, s.record, speech_fields);
    visit(2, s.utterances);
  }
};

template <>
struct Fields<LedgerEntry> {
  static void list(auto& visit, auto& e) {
    visit(1, e.at);
    visit(2, e.state);
    visit(3, e.utterance);
    visit(4, e.synthesizer);
    visit(5, e.amount_micro_usd);
    visit(6, e.compute_ms);
    visit(7, e.outcome);
    visit(8, e.owner);
    visit(9, e.request_id);
    visit(10, e.model_revision);
  }
};

template <>
struct Fields<Event> {
  static void list(auto& visit, auto& e) {
    visit(1, e.at);
    visit(2, e.kind);
    visit.nested(3, e.usage, usage_fields);
    visit.nested(4, e.speech, speech_fields);
  }
};

template <>
struct Fields<HitCounter> {
  static void list(auto& visit, auto& c) {
    visit(1, c.access_count);
    visit(2, c.last_accessed_at);
  }
};

template <>
struct Fields<PageLink> {
  static void list(auto& visit, auto& p) {
    visit(1, p.speech);
    visit(2, p.story_id);
    visit(3, p.page_number);
    visit(4, p.voice_style);
    visit(5, p.format);
    visit(6, p.linked_at);
  }
};

template <>
struct Fields<StoredTotals> {
  static void list(auto& visit, auto& t) {
    visit(1, t.next_event);
    visit(2, t.next_ledger);
    visit(3, t.totals.entries);
    visit(4, t.totals.size_bytes);
    visit(5, t.totals.utterances);
    visit(6, t.totals.generation_time_ms);
    visit(7, t.totals.paid_micro_usd);
    visit(8, t.totals.paid_attempts);
    visit(9, t.totals.accesses);
    visit(10, t.totals.saved_micro_usd);
    visit(11, t.totals.requests_failed);
    for (std::size_t i = 0; i < kOrigins; ++i) {
      visit(100 + static_cast<unsigned>(i), t.totals.requests[i]);
    }
  }
};

template <>
struct Fields<NumberedPace> {
  static void list(auto& visit, auto& p) {
    visit(1, p.number);
    visit(2, p.sample.duration_ms);
    visit(3, p.sample.likeness);
    visit(4, p.sample.ending);
    for (std::size_t i = 0; i < PaceSample::kParts; ++i) {
      visit(10 + static_cast<unsigned>(i), p.sample.parts[i]);
    }
  }
};

constexpr std::size_t kChecksum = 4;

std::string checksum_of(std::string_view body) {
  std::uint64_t hash = xxh3_64(body);
  std::string bytes(kChecksum, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(hash & 0xffU);
    hash >>= 8U;
  }
  return bytes;
}

}  // namespace

template <typename Record>
std::string encode_body(const Record& record) {
  wire::Writer writer;
  Fields<Record>::list(writer, record);
  return writer.take();
}

template <typename Record>
std::optional<Record> decode_body(std::string_view bytes) {
  if (bytes.size() > kMaxRecordBytes) return std::nullopt;
  wire::Reader reader(bytes);
  std::optional<Record> record(std::in_place);
  Fields<Record>::list(reader, *record);
  if (!reader.ok()) record.reset();
  return record;
}

template <typename Record>
std::string encode(const Record& record) {
  const std::string body = encode_body(record);
  if (body.size() > kMaxRecordBytes) {
    throw Error(ErrorCode::bad_request, "a record of " + std::to_string(body.size()) +
                                            " bytes is longer than the catalog keeps");
  }
  return checksum_of(body) + body;
}

template <typename Record>
std::optional<Record> decode(std::string_view bytes) {
  if (bytes.size() < kChecksum) return std::nullopt;
  const std::string_view body = bytes.substr(kChecksum);
  if (checksum_of(body) != bytes.substr(0, kChecksum)) return std::nullopt;
  return decode_body<Record>(body);
}

#define BHASHATTS_RECORD(Record)                                \
  template std::string encode_body(const Record&);              \
  template std::optional<Record> decode_body(std::string_view); \
  template std::string encode(const Record&);                   \
  template std::optional<Record> decode(std::string_view)

BHASHATTS_RECORD(UtteranceRecord);
BHASHATTS_RECORD(SpeechEntry);
BHASHATTS_RECORD(LedgerEntry);
BHASHATTS_RECORD(Event);
BHASHATTS_RECORD(HitCounter);
BHASHATTS_RECORD(PageLink);
BHASHATTS_RECORD(StoredTotals);
BHASHATTS_RECORD(NumberedPace);

#undef BHASHATTS_RECORD

}  // namespace catalog
}  // namespace bhashatts
