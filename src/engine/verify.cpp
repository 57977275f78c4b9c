// Everything that is kept, held against what is known about it.
//
// Healing goes from what cannot be made again for nothing to what can: masters from the pages that
// hold them (or from the cache, while it remembers), pages from their masters, cache entries not at
// all (they are removed).
#include <map>
#include <utility>

#include "audio/codec.h"
#include "base/hash.h"
#include "engine/assemble.h"
#include "engine/maintenance.h"

namespace bhashatts::engine {
namespace {

std::vector<std::int64_t> pauses_between(std::span<const UtterancePlace> places) {
  std::vector<std::int64_t> pauses;
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    pauses.push_back(places[i + 1].start_ms - places[i].end_ms);
  }
  return pauses;
}

class Verifier {
 public:
  Verifier(Rooms& rooms, bool repair) : rooms_(rooms), repair_(repair) {}

  VerifyReport run() {
    if (!rooms_.catalog->examine()) {
      problem("catalog", "damaged; open the engine again: it is rebuilt from the audio", false);
      return std::move(report_);
    }
    read_catalog();
    for (const auto& utterance : utterances_) check_master(utterance);
    for (const auto& speech : speeches_) check_page(speech);
    check_cache();
    return std::move(report_);
  }

 private:
  void read_catalog() {
    report_.objects_checked += rooms_.catalog->verify(
        repair_, [&](const std::string& what) { problem("catalog", what, repair_); });
    rooms_.catalog->for_each_utterance(
        [&](const catalog::UtteranceRecord& utterance) { utterances_.push_back(utterance); });
    rooms_.catalog->for_each_speech([&](const catalog::SpeechEntry& speech) {
      const AudioFormat format = speech.record.metadata.format;
      const bool lossless = format == AudioFormat::wav || format == AudioFormat::flac;
      if (lossless && speech.utterances.size() == 1) {
        copies_[speech.utterances.front()].push_back(speech.record.metadata.key);
      }
      if (!speech.record.blob_name.empty()) speeches_.push_back(speech);
    });
  }

  bool is_whole(const std::string& object, const AudioMetadata& expected) {
    ++report_.objects_checked;
    const auto bytes = rooms_.blobs->get(object);
    return bytes && bytes->size() == expected.size_bytes &&
           xxh3_64(bytes->span()) == expected.checksum;
  }

  // Hosts that share a store may each have made it; the first one's stands there.
  bool is_another_hosts(const Key& key, const std::string& object, bool master) {
    if (!rooms_.shelf->is_shared()) return false;
    const auto bytes = rooms_.blobs->get(object);
    if (!bytes) return false;
    return master ? rooms_.shelf->tells_of(key, *bytes) : decodes(*bytes);
  }

  static bool decodes(const SharedBytes& bytes) {
    try {
      audio::decode(bytes.span());
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  void check_master(const catalog::UtteranceRecord& utterance) {
    if (is_whole(utterance.blob_name, utterance.metadata)) return;
    if (is_another_hosts(utterance.metadata.key, utterance.blob_name, true)) return;
    const Key& key = utterance.metadata.key;
    if (!repair_) return problem(utterance.blob_name, "damaged or gone", false);
    if (rooms_.shelf->find_master(key, copies_[key])) {
      return problem(utterance.blob_name, "damaged or gone; healed from a page", true);
    }
    if (restore_from_cache(utterance)) {
      return problem(utterance.blob_name, "damaged or gone; healed from the cache", true);
    }
    // Nothing can bring it back; without its record the next request makes it anew.
    rooms_.blobs->remove(utterance.blob_name);
    const auto dropped = rooms_.catalog->remove_utterance(key);
    rooms_.shelf->drop(dropped);
    rooms_.generation->raise();
    problem(utterance.blob_name, "lost: no second copy; it is made anew when asked for", false);
  }

  // Not by way of the memory tier: that has compared the checksum once, before the damage perhaps.
  bool restore_from_cache(const catalog::UtteranceRecord& utterance) {
    if (rooms_.tiers->disk() == nullptr) return false;
    for (const Key& copy : copies_[utterance.metadata.key]) {
      if (const auto speech = rooms_.tiers->disk()->get(copy)) {
        rooms_.shelf->restore_master(utterance, *speech);
        return true;
      }
    }
    return false;
  }

  void check_page(const catalog::SpeechEntry& speech) {
    const auto& record = speech.record;
    if (is_whole(record.blob_name, record.metadata)) return;
    if (is_another_hosts(record.metadata.key, record.blob_name, false)) return;
    if (!repair_) return problem(record.blob_name, "damaged or gone", false);
    rooms_.blobs->remove(record.blob_name);
    std::vector<Master> masters;
    for (const Key& utterance : speech.utterances) {
      if (auto master = rooms_.shelf->find_master(utterance, {})) masters.push_back(*master);
    }
    if (masters.empty() || masters.size() != speech.utterances.size()) {
      return problem(record.blob_name, "damaged or gone; its masters are lost too", false);
    }
    rooms_.shelf->keep_speech(assemble(record.metadata.key, record.metadata.format, masters,
                                       pauses_between(record.metadata.places)));
    problem(record.blob_name, "damaged or gone; made again from its masters", true);
  }

  void check_cache() {
    auto* disk = rooms_.tiers->disk();
    if (disk == nullptr) return;
    report_.objects_checked += disk->verify(repair_, [&](const Key& key, const std::string& what) {
      problem("cache " + key.hex(), what, repair_);
    });
  }

  void problem(std::string object, std::string what, bool repaired) {
    report_.problems.push_back({std::move(object), std::move(what), repaired});
  }

  Rooms& rooms_;
  const bool repair_;
  VerifyReport report_;
  std::vector<catalog::UtteranceRecord> utterances_;
  std::vector<catalog::SpeechEntry> speeches_;  // those with an object
  std::map<Key, std::vector<Key>> copies_;      // utterance -> speeches that hold it alone
};

}  // namespace

VerifyReport verify(Rooms& rooms, bool repair) {
  if (repair) rooms.data.require_room();
  return Verifier(rooms, repair).run();
}

}  // namespace bhashatts::engine
