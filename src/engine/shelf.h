// Audio in the permanent store and its records in the catalog: found, checked, healed, kept.
//
// The blob is the truth: a master without a record (the catalog was lost, or a process died between
// the two) carries its identity and gets its record again; a record whose blob is gone or damaged
// is healed from a second copy, or the audio is lost and is made anew.
//
// Thread rule: any thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/codec.h"
#include "bhashatts/blob_store.h"
#include "bhashatts/cache_tier.h"
#include "catalog/catalog.h"
#include "engine/identity.h"
#include "engine/plan.h"

namespace bhashatts::engine {

// An utterance's lossless audio.
struct Master {
  SharedBytes flac;
  std::shared_ptr<const AudioMetadata> metadata;
  std::shared_ptr<const audio::Pcm> pcm;  // null: not decoded yet

  audio::Pcm samples() const { return pcm ? *pcm : audio::decode(flac.span()); }
};

struct ShelfOptions {
  std::string name_space;
  std::string key_secret;
  bool read_only = false;
};

class Shelf {
 public:
  Shelf(std::shared_ptr<BlobStore> blobs, catalog::Catalog& catalog, ShelfOptions options);

  // "<namespace>audio/tts/<key>.<format>", and what all such names begin with.
  std::string object_name(const Key& key, AudioFormat format) const;
  std::string prefix() const;
  BlobStore& blobs() { return *blobs_; }

  // The joined speech, where it is kept as an object of its own (story pages).
  std::optional<CacheEntry> find_speech(const Key& speech_key);
  // copies: speeches that hold this utterance alone, to heal it from.
  std::optional<Master> find_master(const Key& utterance, std::span<const Key> copies);
  // The master again, from a whole speech that holds this utterance alone. Raises bad_audio, 6xx.
  Master restore_master(const catalog::UtteranceRecord& known, const CacheEntry& speech);
  // Whether somebody, here or on another host, rejected this take.
  bool is_rejected(const Key& utterance);

  // Writes the master; when this returns it survives a loss of power. First writer wins: what comes
  // back is what is kept.
  Master keep_master(const Master& fresh);
  // Puts the speech into the store under its own name. Returns the name.
  std::string keep_speech(const CacheEntry& speech);

  // What stands in the store without a record. A master gets its record back (and so do the
  // speeches made of it alone); anything else of ours that can be made again is removed.
  void adopt_or_remove(const Key& key, AudioFormat format);

  // Removes the objects of what the catalog dropped.
  void drop(const catalog::Catalog::Dropped& dropped);
  void leave_tombstone(const Key& utterance);

 private:
  std::optional<Master> adopt(const Key& utterance, const SharedBytes& flac);
  void adopt_speeches_of(const catalog::UtteranceRecord& utterance);
  std::optional<Master> heal(const catalog::UtteranceRecord& known, std::span<const Key> copies);

  std::shared_ptr<BlobStore> blobs_;
  catalog::Catalog& catalog_;
  ShelfOptions options_;
};

// Records, from what was made.
catalog::UtteranceRecord utterance_record(const Identity& identity, const Key& base,
                                          const AudioMetadata& master, std::string blob_name);
catalog::SpeechEntry speech_entry(const AudioMetadata& speech, std::string_view text,
                                  std::vector<Key> utterances, std::string blob_name);

}  // namespace bhashatts::engine
