// Order matters in all of these: what would be served again if the process died half-way is
// removed first, what says what is left to do (the records) last, so that the same command, given
// again, goes on.
#include "engine/maintenance.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "bhashatts/text.h"

namespace bhashatts::engine {
namespace {

void require_writable(const Rooms& rooms) {
  if (!rooms.data.read_only()) return;
  throw Error(ErrorCode::storage_read_only, rooms.data.root().string() + " is read-only");
}

// Speeches that a look-up derived have no record; those of one utterance can be told by their keys.
void drop_derived(Rooms& rooms, const catalog::Catalog::Dropped& dropped) {
  for (const auto& utterance : dropped.utterances) {
    for (const AudioFormat format : kAudioFormats) {
      rooms.tiers->erase(speech_key(utterance.metadata.key, format, rooms.config.key_secret));
    }
  }
}

// Out of every tier of this process and the disk, and (by the generation) out of the memory of all
// other processes.
void drop_from_tiers(Rooms& rooms, const catalog::Catalog::Dropped& dropped) {
  for (const auto& speech : dropped.speeches) rooms.tiers->erase(speech.record.metadata.key);
  drop_derived(rooms, dropped);
  rooms.generation->raise();
}

void drop_in_every_format(Rooms& rooms, SpeechRequest request) {
  for (const AudioFormat format : kAudioFormats) {
    request.format = format;
    for (const Voice& voice : rooms.voices) {
      rooms.tiers->erase(voice.planner->plan(request)->speech_key);
    }
  }
}

// What no record tells of: a request that was under way while its text was forgotten may have left
// it in a tier afterwards. Asking to forget again gets hold of that too.
void drop_every_voice(Rooms& rooms, std::string_view text) {
  for (const Language& language : languages()) {
    for (const VoiceStyle& style : voice_styles()) {
      drop_in_every_format(rooms,
                           {.text = text, .language = language.name, .voice_style = style.name});
    }
  }
}

ForgetReport report_of(const catalog::Catalog::Dropped& dropped) {
  return {.speeches = static_cast<std::int64_t>(dropped.speeches.size()),
          .utterances = static_cast<std::int64_t>(dropped.utterances.size()),
          .usage_events = dropped.usage_events};
}

// What is about to go, as the catalog knows it. language empty: all.
catalog::Catalog::Dropped doomed(Rooms& rooms, std::string_view language) {
  const auto is_meant = [&](const AudioMetadata& metadata) {
    return language.empty() || metadata.language == language;
  };
  catalog::Catalog::Dropped all;
  rooms.catalog->for_each_speech([&](const catalog::SpeechEntry& speech) {
    if (is_meant(speech.record.metadata)) all.speeches.push_back(speech);
  });
  rooms.catalog->for_each_utterance([&](const catalog::UtteranceRecord& utterance) {
    if (is_meant(utterance.metadata)) all.utterances.push_back(utterance);
  });
  return all;
}

// UTC, as the ledger's months are.
std::int64_t start_of_month_ms() {
  using std::chrono::floor;
  const auto today = floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day date(today);
  const std::chrono::sys_days first(date.year() / date.month() / 1);
  return std::chrono::duration_cast<std::chrono::milliseconds>(first.time_since_epoch()).count();
}

std::int64_t objects_of(const catalog::Catalog::Dropped& dropped) {
  auto objects = static_cast<std::int64_t>(dropped.utterances.size());
  for (const auto& speech : dropped.speeches) objects += speech.record.blob_name.empty() ? 0 : 1;
  return objects;
}

// Objects of ours that no record names: only when everything goes.
std::int64_t remove_strays(Rooms& rooms) {
  std::vector<std::string> strays;
  rooms.blobs->list(rooms.shelf->prefix(), [&](const BlobInfo& info) {
    strays.push_back(info.name);
    return true;
  });
  for (const std::string& stray : strays) rooms.blobs->remove(stray);
  return static_cast<std::int64_t>(strays.size());
}

}  // namespace

RejectReport reject(Rooms& rooms, const Plan& plan) {
  require_writable(rooms);
  RejectReport report;
  bool found = false;
  for (const Utterance& utterance : plan.utterances) {
    const std::string object = rooms.shelf->object_name(utterance.key, AudioFormat::flac);
    if (!rooms.catalog->utterance(utterance.key) && !rooms.blobs->info(object)) continue;
    found = true;
    rooms.shelf->leave_tombstone(utterance.key);
    const auto dropped = rooms.catalog->reject(utterance.base, utterance.take);
    drop_from_tiers(rooms, dropped);
    rooms.shelf->drop(dropped);
    rooms.blobs->remove(object);
    report.rejected = utterance.key;
    report.next_take = utterance.take + 1;
    report.speeches_dropped += static_cast<std::int64_t>(dropped.speeches.size());
  }
  if (found) return report;
  throw Error(ErrorCode::not_found, "there is no speech of this text to reject");
}

ForgetReport forget_text(Rooms& rooms, std::string_view text) {
  require_writable(rooms);
  const std::string spoken = spoken_text(text);
  // The audio first: whoever dies in between finds by the records what is left to do.
  const auto all = rooms.catalog->forgettable(spoken);
  drop_from_tiers(rooms, all);
  drop_every_voice(rooms, spoken);
  rooms.shelf->drop(all);
  for (const Voice& voice : rooms.voices) voice.planner->forget_memo();
  return report_of(rooms.catalog->forget_text(spoken));
}

ForgetReport forget_user(Rooms& rooms, std::string_view user_id) {
  require_writable(rooms);
  return report_of(rooms.catalog->forget_user(user_id));
}

ClearReport clear(Rooms& rooms, const ClearOptions& options) {
  if (!options.language.empty() && find_language(options.language) == nullptr) {
    throw Error(ErrorCode::language_unknown, "unknown language " + options.language);
  }
  const CacheFilter filter{.language = options.language, .count_only = options.dry_run};
  if (!options.dry_run) require_writable(rooms);
  ClearReport report;
  report.cache_entries = rooms.tiers->clear(filter);
  if (!options.cache_only) {
    const auto all = doomed(rooms, options.language);
    report.blobs = objects_of(all);
    report.records = static_cast<std::int64_t>(all.speeches.size() + all.utterances.size());
    if (!options.dry_run) {
      rooms.shelf->drop(all);
      if (options.language.empty()) report.blobs += remove_strays(rooms);
      rooms.catalog->remove_all(options.language);
    }
  }
  if (!options.dry_run) rooms.generation->raise();
  return report;
}

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
  return rooms.blobs->url(known->record.blob_name);
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

void describe_money(Rooms& rooms, Status& status) {
  status.budget_micro_usd_month = rooms.config.budget_usd_month_micro;
  status.spent_micro_usd_month = rooms.catalog->spent_micro_usd_since(start_of_month_ms());
  status.saved_micro_usd = rooms.catalog->totals().saved_micro_usd;
  const std::int64_t next = rooms.voice().synthesizer->limits().max_cost_micro_usd;
  const bool spent = status.budget_micro_usd_month > 0 && next > 0 &&
                     status.spent_micro_usd_month + next > status.budget_micro_usd_month;
  if (spent) status.warnings.emplace_back("the month's budget is spent: only hits are served");
}

}  // namespace

Status status_of(Rooms& rooms) {
  Status status;
  status.voice_profile = rooms.voice_profile;
  status.data_dir = rooms.data.root().string();
  status.read_only = rooms.data.read_only();
  status.warnings = rooms.warnings;
  try {
    rooms.data.require_room();
  } catch (const Error& error) {
    status.warnings.emplace_back(error.what());
  }
  describe_voices(rooms, status);
  describe_money(rooms, status);
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
