// What the engine answers when it is asked how it stands, or told to tidy up.
//
// Thread rule: values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "bhashatts/cache_tier.h"
#include "bhashatts/key.h"
#include "bhashatts/speech.h"
#include "bhashatts/synthesizer.h"

namespace bhashatts {

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

}  // namespace bhashatts
