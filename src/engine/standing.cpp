// What the engine says when it is asked how it stands.
#include "engine/standing.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/month.h"
#include "blob/spooled_store.h"
#include "engine/hosts.h"

namespace bhashatts::engine {

std::optional<std::string> page_url(Rooms& rooms, std::string_view story_id,
                                    std::int32_t page_number, std::string_view voice_style) {
  const std::string_view style =
      voice_style.empty() ? std::string_view(rooms.config.default_voice_style) : voice_style;
  const auto key = rooms.catalog->page_speech(story_id, page_number, style);
  return key ? speech_url(rooms, *key) : std::nullopt;
}

std::optional<std::string> speech_url(Rooms& rooms, const Key& speech) {
  const auto known = rooms.catalog->speech(speech);
  if (!known || known->record.blob_name.empty()) return std::nullopt;
  std::string url = rooms.blobs->url(known->record.blob_name);
  if (url.empty()) return std::nullopt;
  return url;
}

namespace {

// Hits go on whatever the voices do. Without any voice nothing new can be made, which is unhealthy;
// with a fallback, or a voice that will be ready by itself, it is degraded.
Health health_of(const Status& status) {
  const auto able = [](SynthesizerState state) {
    return state == SynthesizerState::ready || state == SynthesizerState::loading;
  };
  if (status.warnings.empty() && status.synthesizer.state == SynthesizerState::ready) {
    return Health::healthy;
  }
  if (status.read_only) return Health::unhealthy;
  if (able(status.synthesizer.state)) return Health::degraded;
  const bool any = std::ranges::any_of(
      status.fallbacks, [&](const VoiceStatus& voice) { return able(voice.status.state); });
  return any ? Health::degraded : Health::unhealthy;
}

void describe_voices(Rooms& rooms, Status& status) {
  status.synthesizer = rooms.probe.look(rooms.voice());
  status.synthesizer_identity = rooms.voice().identity;
  status.credits_exhausted = status.synthesizer.state == SynthesizerState::no_credits;
  for (std::size_t place = 1; place < rooms.voices.size(); ++place) {
    const Voice& voice = rooms.voices[place];
    status.fallbacks.push_back({voice.identity, rooms.probe.look(voice)});
  }
  if (status.synthesizer.state != SynthesizerState::ready) {
    status.warnings.push_back(status.synthesizer.message);
  }
}

// Of all hosts, where they share it and can be asked.
std::int64_t spent_this_month(Rooms& rooms) {
  const std::int64_t now = unix_ms();
  const std::int64_t here = rooms.catalog->spent_micro_usd_since(start_of_month_ms(now));
  auto* shared = rooms.hosts->budget();
  if (shared == nullptr || rooms.config.budget_usd_month_micro == 0) return here;
  return std::max(here, shared->spent(month_name(now)).value_or(0));
}

void describe_money(Rooms& rooms, Status& status) {
  status.budget_micro_usd_month = rooms.config.budget_usd_month_micro;
  status.spent_micro_usd_month = spent_this_month(rooms);
  status.saved_micro_usd = rooms.catalog->totals().saved_micro_usd;
  const std::int64_t next = rooms.voice().synthesizer->limits().max_cost_micro_usd;
  const bool spent = status.budget_micro_usd_month > 0 && next > 0 &&
                     status.spent_micro_usd_month + next > status.budget_micro_usd_month;
  if (spent) status.warnings.emplace_back("the month's budget is spent: only hits are served");
}

// What is owed and cannot be paid is told without asking the store again, which may take its time.
void describe_store(Rooms& rooms, Status& status) {
  if (const auto trouble = rooms.shelf->trouble()) {
    status.warnings.push_back("what was made is not kept, and will be paid for again: " + *trouble);
  }
  if (rooms.spool) {
    const auto spool = rooms.spool->spool_status();
    status.spool_entries = spool.entries;
    status.spool_bytes = spool.bytes;
    if (spool.trouble) {
      status.warnings.push_back(std::string("the bucket does not take what is owed to it: ") +
                                spool.trouble->what());
      return;
    }
  }
  if (!rooms.check_store) return;
  try {
    rooms.check_store();
  } catch (const Error& error) {
    status.warnings.push_back(std::string("the bucket: ") + error.what());
  }
}

void describe_hosts(Rooms& rooms, Status& status) {
  if (const auto trouble = rooms.hosts->trouble()) {
    status.warnings.push_back(std::string("Redis is left out: ") + trouble->what());
  }
  if (rooms.hosts->alone() && rooms.spool && rooms.config.budget_usd_month_micro > 0) {
    status.warnings.emplace_back(
        "the budget holds for this host alone; set REDIS_URL where several share a bucket");
  }
}

}  // namespace

Status status_of(Rooms& rooms) {
  Status status;
  status.voice_profile = rooms.voice_profile;
  status.data_dir = rooms.data.root().string();
  status.read_only = rooms.data.read_only();
  status.warnings = rooms.warnings;
  try {
    rooms.require_room();
  } catch (const Error& error) {
    status.warnings.emplace_back(error.what());
  }
  describe_voices(rooms, status);
  describe_money(rooms, status);
  describe_store(rooms, status);
  describe_hosts(rooms, status);
  status.health = health_of(status);
  return status;
}

Stats stats_of(Rooms& rooms) {
  const catalog::Totals totals = rooms.catalog->totals();
  return {.total_entries = totals.entries,
          .total_size_bytes = totals.size_bytes,
          .total_cost_micro_usd = totals.paid_micro_usd,
          .total_accesses = totals.accesses,
          .avg_generation_time_ms =
              totals.utterances > 0 ? totals.generation_time_ms / totals.utterances : 0,
          .estimated_savings_micro_usd = totals.saved_micro_usd,
          .utterances_synthesized = totals.utterances,
          .requests = totals.requests,
          .requests_failed = totals.requests_failed,
          .paid_attempts = totals.paid_attempts,
          .tiers = rooms.tiers->stats()};
}

}  // namespace bhashatts::engine
