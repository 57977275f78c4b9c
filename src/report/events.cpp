// What observers are told, for observers that are not C++.
//
// Names are those of the guide's tables where it has them. Absent texts are "", absent numbers 0,
// as in the structs; an event has either "usage" or "speech".
#include "base/json_text.h"
#include "bhashatts/json.h"
#include "report/money.h"

namespace bhashatts {
namespace {

using report::usd;

std::string_view name_of(EventKind kind) {
  switch (kind) {
    case EventKind::usage: return "usage";
    case EventKind::speech_stored: return "speech_stored";
    case EventKind::speech_removed: return "speech_removed";
  }
  return "unknown";
}

std::string_view name_of(UsageStatus status) {
  switch (status) {
    case UsageStatus::success: return "success";
    case UsageStatus::cached: return "cached";
    case UsageStatus::error: return "error";
  }
  return "unknown";
}

JsonObject usage_of(const Usage& usage) {
  return JsonObject()
      .add("cache_key", usage.speech_key.hex())
      .add("requests", usage.requests)
      .add("text_length", usage.text_length)
      .add("language", usage.language)
      .add("voice_style", usage.voice_style)
      .add("status", name_of(usage.status))
      .add("was_cached", usage.was_cached)
      .add("origin", usage.origin)
      .add("response_time_us", usage.response_time_us)
      .add("estimated_cost_usd", usd(usage.estimated_cost_micro_usd))
      .add("error_message", usage.error_message)
      .add("user_id", usage.user_id);
}

JsonObject speech_of(const SpeechRecord& record) {
  const AudioMetadata& metadata = record.metadata;
  return JsonObject()
      .add("cache_key", metadata.key.hex())
      .add("text", record.text)
      .add("text_hash", record.text_hash)
      .add("language", metadata.language)
      .add("voice_style", metadata.voice_style)
      .add("synthesizer", metadata.synthesizer)
      .add("format", name(metadata.format))
      .add("sample_rate", metadata.sample_rate)
      .add("duration_ms", metadata.duration_ms)
      .add("size_bytes", metadata.size_bytes)
      .add("utterances", metadata.utterances)
      .add("take", metadata.take)
      .add("generation_time_ms", metadata.generation_time_ms)
      .add("generation_cost_usd", usd(metadata.generation_cost_micro_usd))
      .add("created_at", metadata.created_at)
      .add("blob_name", record.blob_name)
      .add("access_count", record.access_count)
      .add("last_accessed_at", record.last_accessed_at)
      .add("story_id", record.story_id)
      .add("page_number", record.page_number);
}

JsonObject event_of(const Event& event) {
  JsonObject json;
  json.add("id", event.id).add("at_ms", event.at).add("kind", name_of(event.kind));
  if (event.usage) json.add("usage", usage_of(*event.usage));
  if (event.speech) json.add("speech", speech_of(*event.speech));
  return json;
}

}  // namespace

std::string to_json(std::span<const Event> events) { return JsonList::of(events, event_of).text(); }

}  // namespace bhashatts
