// Order matters in all of these: what would be served again if the process died half-way is
// removed first, what says what is left to do (the records) last, so that the same command, given
// again, goes on.
#include "engine/maintenance.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "bhashatts/text.h"
#include "engine/notices.h"

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
  if (!rooms.store_is_local) {  // its masters stand in the tiers
    for (const auto& utterance : dropped.utterances) rooms.tiers->erase(utterance.metadata.key);
  }
  drop_derived(rooms, dropped);
  rooms.generation->raise();
}

// Every plan of a text: also of speeches that no record tells of. Other hosts may have made them,
// and a request that was under way while its text was forgotten may leave one in a tier; asking to
// forget again gets hold of it.
std::vector<PlanPtr> every_plan_of(Rooms& rooms, std::string_view text) {
  std::vector<PlanPtr> plans;
  for (const Language& language : languages()) {
    for (const VoiceStyle& style : voice_styles()) {
      SpeechRequest request{.text = text, .language = language.name, .voice_style = style.name};
      for (const AudioFormat format : kAudioFormats) {
        request.format = format;
        for (const Voice& voice : rooms.voices) plans.push_back(voice.planner->plan(request));
      }
    }
  }
  return plans;
}

// Their names in the store. An utterance that has a record here is told by that: another page may
// hold it.
std::vector<std::string> objects_of(Rooms& rooms, const std::vector<PlanPtr>& plans) {
  std::set<std::string> names;
  for (const PlanPtr& plan : plans) {
    names.insert(rooms.shelf->object_name(plan->speech_key, plan->format));
    for (const Utterance& utterance : plan->utterances) {
      if (rooms.catalog->utterance(utterance.key)) continue;
      names.insert(rooms.shelf->object_name(utterance.key, AudioFormat::flac));
    }
  }
  return {names.begin(), names.end()};
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

// Whether an object below our prefix is ours. The guide calls its audio "<md5>.wav" at the very
// same place, so of a wav that no record names the labels decide: ours say whose it is.
bool is_ours(Rooms& rooms, const std::string& name) {
  const auto object = rooms.shelf->parse_name(name);
  if (!object) return false;
  const auto& [key, format] = *object;
  if (format != AudioFormat::wav || rooms.store_is_local || rooms.catalog->speech(key)) return true;
  const auto info = rooms.blobs->info(name);
  return info && info->identity == key.hex();
}

// All that is ours in the store, whether or not a record names it.
std::vector<std::string> all_objects(Rooms& rooms) {
  std::vector<std::string> names;
  for (const std::string& prefix : rooms.shelf->prefixes()) {
    rooms.blobs->list(prefix, [&](const BlobInfo& info) {
      names.push_back(info.name);
      return true;
    });
  }
  std::erase_if(names, [&](const std::string& name) {
    return name.starts_with(rooms.shelf->prefix()) && !is_ours(rooms, name);
  });
  return names;
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
  const auto plans = every_plan_of(rooms, spoken);
  std::vector<Key> speeches;
  speeches.reserve(plans.size());
  for (const PlanPtr& plan : plans) speeches.push_back(plan->speech_key);
  for (const Key& speech : speeches) rooms.tiers->erase(speech);
  rooms.shelf->drop(all);
  if (!rooms.store_is_local) rooms.blobs->remove_all(objects_of(rooms, plans));
  for (const auto& utterance : all.utterances) {
    tell_forgotten(rooms, utterance.metadata.key.hex());
  }
  tell_text_forgotten(rooms, speeches);
  for (const Voice& voice : rooms.voices) voice.planner->forget_memo();
  return report_of(rooms.catalog->forget_text(spoken));
}

ForgetReport forget_user(Rooms& rooms, std::string_view user_id) {
  require_writable(rooms);
  if (!user_id.empty()) tell_forgotten(rooms, "user-" + user_hash(rooms.config, user_id));
  return report_of(rooms.catalog->forget_user(user_id));
}

std::size_t drop_rejected(Rooms& rooms, std::span<const Key> utterances) {
  std::vector<Key> news;
  for (const Key& utterance : utterances) {
    if (!rooms.catalog->is_rejected(utterance)) news.push_back(utterance);
  }
  for (const Key& utterance : news) {
    const auto known = rooms.catalog->utterance(utterance);
    if (!known) continue;
    const auto dropped = rooms.catalog->reject(known->base, known->metadata.take);
    drop_from_tiers(rooms, dropped);
    rooms.shelf->drop(dropped);  // pages that hold it, which only this host may know
  }
  if (news.empty()) return 0;
  rooms.catalog->mark_rejected(news);
  rooms.generation->raise();
  return news.size();
}

void drop_forgotten(Rooms& rooms, const Key& utterance, std::int64_t at) {
  const auto known = rooms.catalog->utterance(utterance);
  if (!known || known->metadata.created_at > at / 1'000) return;
  const auto dropped = rooms.catalog->forget_utterances({&utterance, 1});
  drop_from_tiers(rooms, dropped);
  rooms.shelf->drop(dropped);  // what only this host knows, and what it still owes
  for (const Voice& voice : rooms.voices) voice.planner->forget_memo();
}

// The objects too: who was told to forget may have had no record of them, and so no name.
void drop_forgotten_speeches(Rooms& rooms, std::span<const Key> speeches, std::int64_t at) {
  const auto dropped = rooms.catalog->forget_speeches(speeches, at);
  drop_from_tiers(rooms, dropped);
  for (const Key& speech : speeches) {
    const auto hit = rooms.tiers->get(speech, rooms.generation->read());
    if (hit && hit->entry.metadata->created_at <= at / 1'000) rooms.tiers->erase(speech);
  }
  rooms.shelf->drop(dropped);
  for (const Voice& voice : rooms.voices) voice.planner->forget_memo();
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
    const auto objects = options.language.empty() ? all_objects(rooms) : Shelf::objects_of(all);
    report.blobs = static_cast<std::int64_t>(objects.size());
    report.records = static_cast<std::int64_t>(all.speeches.size() + all.utterances.size());
    if (!options.dry_run) {
      rooms.blobs->remove_all(objects);
      rooms.catalog->remove_all(options.language);
    }
  }
  if (!options.dry_run) rooms.generation->raise();
  return report;
}

}  // namespace bhashatts::engine
