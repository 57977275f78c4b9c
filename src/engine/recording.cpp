#include "engine/recording.h"

#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "engine/assemble.h"

namespace bhashatts::engine {
namespace {

constexpr std::string_view kComponent = "speech";

std::vector<Key> keys_of(const Plan& plan) {
  std::vector<Key> keys;
  for (const Utterance& one : plan.utterances) keys.push_back(one.key);
  return keys;
}

}  // namespace

// The object is there before the record that names it.
catalog::SpeechEntry speech_record(Rooms& rooms, const Plan& plan, const CacheEntry& speech,
                                   bool with_object) {
  std::string object;
  if (with_object) {
    try {
      object = rooms.shelf->keep_speech(speech);
    } catch (const Error& error) {
      log(LogLevel::error, kComponent, std::string("the page has no object: ") + error.what());
    }
  }
  return speech_entry(*speech.metadata, plan.text, keys_of(plan), std::move(object));
}

void record_derived(Rooms& rooms, const Plan& plan, const CacheEntry& speech, bool page) noexcept {
  try {
    const auto known = rooms.catalog->speech(plan.speech_key);
    const bool with_object = page || (known && !known->record.blob_name.empty());
    const auto entry = speech_record(rooms, plan, speech, with_object);
    if (known && known->record.blob_name == entry.record.blob_name &&
        known->record.metadata.checksum == entry.record.metadata.checksum) {
      return;
    }
    rooms.catalog->put_speech(entry);
  } catch (const std::exception& error) {  // bad_alloc too
    log(LogLevel::error, kComponent, std::string("speech was not recorded: ") + error.what());
  }
}

}  // namespace bhashatts::engine
