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
#include "engine/last_trouble.h"
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
  bool shared = false;  // with other hosts
  // The store may be out of reach for days, which a spool bridges: what it cannot be asked for, and
  // no record tells of, is taken for absent.
  bool far = false;
};

class Shelf {
 public:
  Shelf(std::shared_ptr<BlobStore> blobs, catalog::Catalog& catalog, ShelfOptions options);

  // "<namespace>audio/tts/<key>.<format>", and what all such names begin with.
  std::string object_name(const Key& key, AudioFormat format) const;
  std::string prefix() const;
  // Whose audio a name of this form says it is; nothing for other names.
  std::optional<std::pair<Key, AudioFormat>> parse_name(std::string_view object) const;
  // "<namespace>audio/rejected/": tombstones, each named after the utterance key of a take.
  std::string tombstone_prefix() const;
  // "<namespace>audio/forgotten/": see notices.h.
  std::string forgotten_prefix() const;
  // All that begins the names of objects of ours.
  std::vector<std::string> prefixes() const;
  BlobStore& blobs() { return *blobs_; }

  // The joined speech, where it is kept as an object of its own (story pages).
  std::optional<CacheEntry> find_speech(const Key& speech_key);
  // copies: speeches that hold this utterance alone, to heal it from.
  std::optional<Master> find_master(const Key& utterance, std::span<const Key> copies);
  // A master that a tier gave: as it is, or nothing where it is not what the record tells of. It
  // gets its record where it has none (another host made it).
  std::optional<Master> accept(const CacheEntry& entry);
  // The master again, from a whole speech that holds this utterance alone. Raises bad_audio, 6xx.
  Master restore_master(const catalog::UtteranceRecord& known, const CacheEntry& speech);
  // Whether somebody, here or on another host, rejected this take.
  bool is_rejected(const Key& utterance);

  // Writes the master; when this returns it survives a loss of power. First writer wins: what comes
  // back is what is kept.
  Master keep_master(const Master& fresh);
  // Why the last master was not kept; nothing once one is again.
  std::optional<std::string> trouble() const { return keeping_.look(); }
  // Puts the speech into the store under its own name. Returns the name.
  std::string keep_speech(const CacheEntry& speech);

  // What stands in the store without a record. A master gets its record back (and so do the
  // speeches made of it alone); anything else of ours that can be made again is removed.
  void adopt_or_remove(const Key& key, AudioFormat format);

  // Whether these bytes are a whole master of this utterance, whoever made them.
  bool tells_of(const Key& utterance, const SharedBytes& flac) const;
  // Whether hosts share the store, so that what another one put there is none of this one's
  // records.
  bool is_shared() const { return options_.shared; }

  // The objects of what the catalog dropped, and their removal.
  static std::vector<std::string> objects_of(const catalog::Catalog::Dropped& dropped);
  void drop(const catalog::Catalog::Dropped& dropped);
  void leave_tombstone(const Key& utterance);

 private:
  std::optional<Master> adopt(const Key& utterance, const SharedBytes& flac);
  std::optional<Master> adopt_stored(const Key& utterance, const SharedBytes& flac);
  Master put_master(const Master& fresh);
  bool has_tombstone(const std::string& name);
  std::optional<CacheEntry> follow(const catalog::SpeechEntry& known, const SharedBytes& bytes);
  void adopt_speeches_of(const catalog::UtteranceRecord& utterance);
  std::optional<SharedBytes> fetch(const std::string& object, bool needed);
  std::optional<Master> heal(const catalog::UtteranceRecord& known, std::span<const Key> copies);

  std::shared_ptr<BlobStore> blobs_;
  catalog::Catalog& catalog_;
  ShelfOptions options_;
  LastTrouble keeping_;
};

// Records, from what was made.
catalog::UtteranceRecord utterance_record(const Identity& identity, const Key& base,
                                          const AudioMetadata& master, std::string blob_name);
catalog::SpeechEntry speech_entry(const AudioMetadata& speech, std::string_view text,
                                  std::vector<Key> utterances, std::string blob_name);

}  // namespace bhashatts::engine
