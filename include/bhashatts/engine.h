// The engine: text in, speech out, and never paid for twice.
//
//   auto engine = bhashatts::TtsEngine::open(bhashatts::Config::from_environment());
//   bhashatts::Speech speech = engine.synthesize({.text = "नमस्ते बच्चों"});
//
// Thread rule: all members are safe from all threads. After fork the child may go on using the
// engine it inherited: on first use it opens everything anew for itself.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/blob_store.h"
#include "bhashatts/cache_tier.h"
#include "bhashatts/config.h"
#include "bhashatts/error.h"
#include "bhashatts/event_sink.h"
#include "bhashatts/export.h"
#include "bhashatts/speech.h"
#include "bhashatts/stories.h"
#include "bhashatts/stream.h"
#include "bhashatts/synthesizer.h"
#include "bhashatts/timings.h"

namespace bhashatts {

// Parts that replace or join the configured ones.
struct Parts {
  std::shared_ptr<Synthesizer> synthesizer;  // null: as configured
  // Asked in order when `synthesizer` cannot speak; used only where that is given.
  std::vector<std::shared_ptr<Synthesizer>> fallbacks;
  std::vector<std::shared_ptr<CacheTier>> tiers;  // asked after memory and LMDB, in order
  std::shared_ptr<BlobStore> blob_store;          // null: as configured
  std::vector<std::shared_ptr<EventSink>> event_sinks;
};

struct RejectReport {
  Key rejected;  // the utterance key that will not be served again
  std::int32_t next_take = 0;
  std::int64_t speeches_dropped = 0;
};

struct ForgetReport {
  std::int64_t speeches = 0;
  std::int64_t utterances = 0;
  std::int64_t usage_events = 0;
};

struct ClearOptions {
  bool cache_only = true;     // false: blobs and records too
  std::string language = {};  // empty: all
  bool dry_run = false;
};

struct ClearReport {
  std::int64_t cache_entries = 0;
  std::int64_t blobs = 0;
  std::int64_t records = 0;
};

struct VerifyProblem {
  std::string object;     // blob name or cache key
  std::string what;       // what is wrong
  bool repaired = false;  // healed from a second copy, or harmless and removed
};

struct VerifyReport {
  std::int64_t objects_checked = 0;
  std::vector<VerifyProblem> problems;
};

enum class Health { healthy, degraded, unhealthy };

struct VoiceStatus {
  std::string identity;
  SynthesizerStatus status;
};

struct Status {
  Health health = Health::healthy;
  SynthesizerStatus synthesizer;  // asked at most every 30 s
  std::string synthesizer_identity;
  std::vector<VoiceStatus> fallbacks;  // in the order in which they are asked
  std::string voice_profile;
  std::string data_dir;
  bool read_only = false;
  std::vector<std::string> warnings;  // what is degraded and what to do
  std::int64_t spool_entries = 0;
  std::int64_t spool_bytes = 0;
  std::int64_t budget_micro_usd_month = 0;  // 0: none
  std::int64_t spent_micro_usd_month = 0;   // settled, and reserved by calls under way
  std::int64_t saved_micro_usd = 0;         // ever: hits x the mean cost of what they hit
  bool credits_exhausted = false;           // the upstream said so, and was not asked since
};

struct TierStats {
  std::string tier;
  CacheTierStats stats;
};

struct Stats {
  std::int64_t total_entries = 0;  // speeches in the catalog
  std::int64_t total_size_bytes = 0;
  std::int64_t total_cost_micro_usd = 0;         // paid, failed attempts included
  std::int64_t total_accesses = 0;               // hits
  std::int64_t avg_generation_time_ms = 0;       // per utterance
  std::int64_t estimated_savings_micro_usd = 0;  // hits x the mean cost of what they hit
  std::int64_t utterances_synthesized = 0;
  std::array<std::int64_t, kOrigins> requests{};  // by Origin, index origin - 1
  std::int64_t requests_failed = 0;
  std::int64_t paid_attempts = 0;
  std::vector<TierStats> tiers;
};

class BHASHATTS_API TtsEngine {
 public:
  // Raises config_invalid, not_supported, not_configured or a 6xx. Takes under 10 ms also on a full
  // data directory; sweeps run behind.
  static TtsEngine open(Config config, Parts parts = {});

  TtsEngine(TtsEngine&&) noexcept;
  TtsEngine& operator=(TtsEngine&&) noexcept;
  ~TtsEngine();  // close() with the configured drain time

  // Raises 2xx for bad input, 4xx and 5xx when it cannot be made, storage_full or
  // storage_read_only when it must not be, cancelled, closed.
  Speech synthesize(const SpeechRequest& request);
  // As synthesize, but utterance by utterance, each as soon as it is there; the whole page is then
  // kept, as by synthesize. Raises 2xx and closed; what happens to the utterances is raised by
  // next().
  SpeechStream stream(const SpeechRequest& request);
  // When what is heard of a speech that synthesize or lookup gave for this request. Makes and reads
  // nothing; takes about as long as normalising the text. Raises bad_request for a speech of
  // another text.
  Timings timings(const SpeechRequest& request, const Speech& speech);
  // As synthesize, but never synthesises and never waits for one: nothing when it is not there.
  std::optional<Speech> lookup(const SpeechRequest& request);
  // "This sounds wrong": the current take is never served again, the next request makes another.
  // Raises not_found when there is no take to reject.
  RejectReport reject(const SpeechRequest& request);

  // Raises only for bad options (2xx); what happens to the pages is in the report.
  PrewarmReport prewarm(std::span<const Story> stories, const PrewarmOptions& options = {});

  // Where the page's speech can be fetched, made now; nothing when none was made for it.
  // voice_style empty: the configured default.
  std::optional<std::string> story_page_url(std::string_view story_id, std::int32_t page_number,
                                            std::string_view voice_style = {});
  // Where this speech's object can be fetched; nothing when it is only in tiers.
  std::optional<std::string> url(const Speech& speech);

  Status status();
  Stats stats();
  VerifyReport verify(bool repair);
  // Erases a text (in every language, style and format), or all usage of a user.
  ForgetReport forget_text(std::string_view text);
  ForgetReport forget_user(std::string_view user_id);
  ClearReport clear(const ClearOptions& options);

  // Waits until everything that is owed (cache writes, usage, sweeps under way) is written.
  void flush();
  // Takes no more requests, waits for paid work up to `drain`, writes what is owed. Idempotent.
  void close();
  void close(std::chrono::milliseconds drain);

  const Config& config() const noexcept;

 private:
  class Handle;
  explicit TtsEngine(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace bhashatts
