// An open catalog in a temporary directory, and records to put into it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/hash.h"
#include "catalog/catalog.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::catalog {

inline Key key_of(std::string_view what) { return KeyHasher().field(what).finish(); }

inline UtteranceRecord utterance_of(const std::string& text, std::int32_t take = 0) {
  UtteranceRecord record;
  record.base = key_of("base:" + text);
  record.metadata.key = key_of("utterance:" + text + std::to_string(take));
  record.metadata.format = AudioFormat::flac;
  record.metadata.take = take;
  record.metadata.language = "HINDI";
  record.metadata.voice_style = "calm";
  record.metadata.generation_time_ms = 40;
  record.text = text;
  record.description = "A gentle voice.";
  record.blob_name = "audio/tts/" + record.metadata.key.hex() + ".flac";
  return record;
}

inline SpeechEntry speech_of(const std::string& text, const std::vector<UtteranceRecord>& parts,
                             AudioFormat format = AudioFormat::wav) {
  SpeechEntry entry;
  entry.record.metadata.key = key_of("speech:" + text + std::string(name(format)));
  entry.record.metadata.format = format;
  entry.record.metadata.language = "HINDI";
  entry.record.metadata.voice_style = "calm";
  entry.record.metadata.size_bytes = 1000;
  entry.record.metadata.generation_cost_micro_usd = 360;
  entry.record.text = text;
  for (const UtteranceRecord& part : parts) entry.utterances.push_back(part.metadata.key);
  return entry;
}

inline Made made_of(const UtteranceRecord& utterance, std::int64_t cost = 0) {
  Made made{.utterance = utterance, .speech = {}, .settled = {}, .reservation = 0};
  if (cost > 0) {
    made.settled.emplace();
    made.settled->at = 1'700'000'000'000;
    made.settled->utterance = utterance.metadata.key;
    made.settled->amount_micro_usd = cost;
    made.settled->outcome = "made";
  }
  return made;
}

inline UsageRow hit_of(const SpeechEntry& speech, std::int64_t requests = 1) {
  UsageRow row;
  row.usage.speech_key = speech.record.metadata.key;
  row.usage.requests = requests;
  row.usage.status = UsageStatus::cached;
  row.usage.was_cached = true;
  row.usage.origin = "memory";
  row.usage.user_id = "asha";
  row.at = 1'700'000'000'000;
  return row;
}

class CatalogTest : public ::testing::Test {
 protected:
  static constexpr std::int64_t kMapBytes = 256 << 20;

  static CatalogOptions options_for(const std::filesystem::path& directory) {
    return {.directory = directory, .map_bytes = kMapBytes, .read_only = false};
  }
  void reopen() {
    catalog.reset();
    catalog = Catalog::open(options_for(directory()));
  }
  std::filesystem::path directory() const { return temp / "catalog"; }

  // Commits the text as one utterance and one speech of it.
  SpeechEntry keep(const std::string& text) {
    const UtteranceRecord part = utterance_of(text);
    catalog->commit(made_of(part));
    const SpeechEntry speech = speech_of(text, {part});
    catalog->put_speech(speech);
    return speech;
  }
  std::vector<std::string> problems(bool repair = false) {
    std::vector<std::string> found;
    catalog->verify(repair, [&](const std::string& problem) { found.push_back(problem); });
    return found;
  }

  testing::TempDir temp;
  std::unique_ptr<Catalog> catalog = Catalog::open(options_for(directory()));
};

}  // namespace bhashatts::catalog
