#include "engine/shelf.h"

#include <exception>
#include <utility>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "bhashatts/error.h"

namespace bhashatts::engine {
namespace {

constexpr std::string_view kComponent = "shelf";
constexpr std::string_view kRejected = "rejected\n";  // what is written on a tombstone

bool agrees(const SharedBytes& bytes, const AudioMetadata& expected) {
  return bytes.size() == expected.size_bytes && xxh3_64(bytes.span()) == expected.checksum;
}

BlobLabels labels_of(const AudioMetadata& metadata) {
  return {.media_type = std::string(media_type(metadata.format)),
          .identity = metadata.key.hex(),
          .duration_ms = metadata.duration_ms};
}

// What the audio itself tells: everything but where it comes from.
AudioMetadata measured(AudioMetadata metadata, const SharedBytes& bytes, const audio::Pcm& pcm) {
  metadata.sample_rate = pcm.sample_rate;
  metadata.duration_ms = pcm.duration_ms();
  metadata.size_bytes = bytes.size();
  metadata.checksum = xxh3_64(bytes.span());
  return metadata;
}

Master make_master(const SharedBytes& flac, AudioMetadata metadata,
                   std::shared_ptr<const audio::Pcm> pcm = nullptr) {
  return {flac, std::make_shared<const AudioMetadata>(std::move(metadata)), std::move(pcm)};
}

AudioMetadata metadata_of(const Identity& identity, const Key& key) {
  return {.key = key,
          .format = AudioFormat::flac,
          .synthesizer = identity.synthesizer,
          .language = identity.language,
          .voice_style = identity.voice_style,
          .take = identity.take,
          .created_at = unix_seconds()};
}

}  // namespace

Shelf::Shelf(std::shared_ptr<BlobStore> blobs, catalog::Catalog& catalog, ShelfOptions options)
    : blobs_(std::move(blobs)), catalog_(catalog), options_(std::move(options)) {}

std::string Shelf::prefix() const { return options_.name_space + "audio/tts/"; }

std::string Shelf::tombstone_prefix() const { return options_.name_space + "audio/rejected/"; }

std::string Shelf::forgotten_prefix() const { return options_.name_space + "audio/forgotten/"; }

std::vector<std::string> Shelf::prefixes() const {
  return {prefix(), tombstone_prefix(), forgotten_prefix()};
}

std::string Shelf::object_name(const Key& key, AudioFormat format) const {
  return prefix() + key.hex() + "." + std::string(name(format));
}

std::optional<std::pair<Key, AudioFormat>> Shelf::parse_name(std::string_view object) const {
  if (!object.starts_with(prefix())) return std::nullopt;
  object.remove_prefix(prefix().size());
  const auto dot = object.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto key = Key::from_hex(object.substr(0, dot));
  const auto format = audio_format(object.substr(dot + 1));
  if (!key || !format) return std::nullopt;
  return std::pair(*key, *format);
}

std::optional<CacheEntry> Shelf::find_speech(const Key& speech_key) {
  const auto known = catalog_.speech(speech_key);
  if (!known || known->record.blob_name.empty()) return std::nullopt;
  const std::string& object = known->record.blob_name;
  const auto bytes = fetch(object, !options_.far);
  if (!bytes) return std::nullopt;
  if (agrees(*bytes, known->record.metadata)) {
    return CacheEntry{*bytes, std::make_shared<const AudioMetadata>(known->record.metadata)};
  }
  if (options_.shared) {
    if (auto theirs = follow(*known, *bytes)) return theirs;
  }
  log(LogLevel::warning, kComponent, object + " is damaged; it is made again from its masters");
  if (!options_.read_only) blobs_->remove(object);
  return std::nullopt;
}

// Another host was first with this page. Its audio is as good as ours (of another take, or out of
// another version of the encoder), and its URL is the page's.
std::optional<CacheEntry> Shelf::follow(const catalog::SpeechEntry& known,
                                        const SharedBytes& bytes) {
  try {
    auto entry = known;
    entry.record.metadata = measured(known.record.metadata, bytes, audio::decode(bytes.span()));
    if (!options_.read_only) catalog_.put_speech(entry);
    return CacheEntry{bytes, std::make_shared<const AudioMetadata>(entry.record.metadata)};
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_audio) throw;
    return std::nullopt;
  }
}

// Hosts that could not ask each other have each made it, and the store has the first: what is whole
// there is the take, and this host's record follows it. Not so in a store of this host's own, where
// whatever the record does not tell of is damage.
std::optional<Master> Shelf::find_master(const Key& utterance, std::span<const Key> copies) {
  const auto known = catalog_.utterance(utterance);
  const auto bytes =
      fetch(object_name(utterance, AudioFormat::flac), known.has_value() || !options_.far);
  if (!known) return bytes ? adopt_stored(utterance, *bytes) : std::nullopt;
  if (bytes && agrees(*bytes, known->metadata)) return make_master(*bytes, known->metadata);
  if (bytes && options_.shared) {
    if (auto theirs = adopt_stored(utterance, *bytes)) return theirs;
  }
  log(LogLevel::warning, kComponent, known->blob_name + (bytes ? " is damaged" : " is gone"));
  if (bytes && !options_.read_only) blobs_->remove(known->blob_name);
  return heal(*known, copies);
}

// needed: what stands there was paid for, so that it cannot be fetched must not have it made again.
// Else a store that is out of reach is one that has nothing.
std::optional<SharedBytes> Shelf::fetch(const std::string& object, bool needed) {
  try {
    return blobs_->get(object);
  } catch (const Error& error) {
    if (needed) throw;
    log(LogLevel::warning, kComponent, std::string("the store cannot be asked: ") + error.what());
    return std::nullopt;
  }
}

std::optional<Master> Shelf::accept(const CacheEntry& entry) {
  const auto known = catalog_.utterance(entry.metadata->key);
  if (known && agrees(entry.audio, known->metadata)) {
    return make_master(entry.audio, known->metadata);
  }
  try {
    return known ? std::nullopt : adopt(entry.metadata->key, entry.audio);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_audio) throw;
    return std::nullopt;  // the tier's own damage: what the store has may be whole
  }
}

namespace {

// The identity that it holds, where that leads to its name.
std::optional<Identity> identity_in(const SharedBytes& flac, const Key& utterance,
                                    const std::string& key_secret) {
  auto identity = from_comment(audio::flac_comment(flac.span()).value_or(""));
  if (!identity) return std::nullopt;
  const Key base = base_key(identity->synthesizer, identity->description, identity->language,
                            identity->text, key_secret);
  if (utterance_key(base, identity->take, key_secret) != utterance) return std::nullopt;
  return identity;
}

}  // namespace

// A master that no record knows: it must decode, and its identity must lead to its name. One that
// was rejected is only waiting to be removed. Raises bad_audio.
std::optional<Master> Shelf::adopt(const Key& utterance, const SharedBytes& flac) {
  if (is_rejected(utterance)) return std::nullopt;
  const auto identity = identity_in(flac, utterance, options_.key_secret);
  if (!identity) return std::nullopt;
  auto pcm = std::make_shared<const audio::Pcm>(audio::decode(flac.span()));
  Master master = make_master(flac, measured(metadata_of(*identity, utterance), flac, *pcm), pcm);
  if (options_.read_only) return master;
  const Key base = base_key(identity->synthesizer, identity->description, identity->language,
                            identity->text, options_.key_secret);
  const auto record = utterance_record(*identity, base, *master.metadata,
                                       object_name(utterance, AudioFormat::flac));
  catalog_.commit({.utterance = record, .speech = {}, .settled = {}});
  if (!options_.shared) adopt_speeches_of(record);  // there it would be four questions for nothing
  return master;
}

// As adopt, of the store's own bytes: damaged ones only keep the place of those made anew.
std::optional<Master> Shelf::adopt_stored(const Key& utterance, const SharedBytes& flac) {
  try {
    return adopt(utterance, flac);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_audio) throw;
    log(LogLevel::warning, kComponent, utterance.hex() + ".flac is damaged; it is made again");
    if (!options_.read_only) blobs_->remove(object_name(utterance, AudioFormat::flac));
    return std::nullopt;
  }
}

bool Shelf::tells_of(const Key& utterance, const SharedBytes& flac) const {
  try {
    if (!identity_in(flac, utterance, options_.key_secret)) return false;
    audio::decode(flac.span());
    return true;
  } catch (const Error&) {
    return false;
  }
}

// Speeches of one utterance can be found by their keys; those of several are made again.
void Shelf::adopt_speeches_of(const catalog::UtteranceRecord& utterance) {
  const Key& key = utterance.metadata.key;
  for (const AudioFormat format : kAudioFormats) {
    const Key speech = speech_key(key, format, options_.key_secret);
    const std::string object = object_name(speech, format);
    const auto bytes = blobs_->get(object);
    if (!bytes || catalog_.speech(speech)) continue;
    try {
      AudioMetadata metadata = measured(utterance.metadata, *bytes, audio::decode(bytes->span()));
      metadata.key = speech;
      metadata.format = format;
      catalog_.put_speech(speech_entry(metadata, utterance.text, {key}, object));
    } catch (const Error&) {
      blobs_->remove(object);  // damaged, and made again for nothing
    }
  }
}

void Shelf::adopt_or_remove(const Key& key, AudioFormat format) {
  const std::string object = object_name(key, format);
  if (catalog_.utterance(key) || catalog_.speech(key)) return;
  const auto bytes = blobs_->get(object);
  if (!bytes || (format == AudioFormat::flac && adopt_stored(key, *bytes))) return;
  // No master, so a joined speech: made again for nothing when it is asked for.
  blobs_->remove(object);
}

std::optional<Master> Shelf::heal(const catalog::UtteranceRecord& known,
                                  std::span<const Key> copies) {
  for (const Key& copy : copies) {
    if (const auto speech = find_speech(copy)) return restore_master(known, *speech);
  }
  return std::nullopt;
}

// A speech of this utterance alone holds the same samples. Encoding them gives the same FLAC, byte
// for byte, unless the encoder was upgraded since; the record then follows the new bytes.
Master Shelf::restore_master(const catalog::UtteranceRecord& known, const CacheEntry& speech) {
  const auto pcm = std::make_shared<const audio::Pcm>(audio::decode(speech.audio.span()));
  const Identity identity{.synthesizer = known.metadata.synthesizer,
                          .description = known.description,
                          .language = known.metadata.language,
                          .voice_style = known.metadata.voice_style,
                          .text = known.text,
                          .take = known.metadata.take};
  const SharedBytes flac = audio::encode(*pcm, AudioFormat::flac, to_comment(identity));
  Master master = make_master(flac, measured(known.metadata, flac, *pcm), pcm);
  if (!options_.read_only) {
    blobs_->put_if_absent(known.blob_name, flac, labels_of(*master.metadata));
    if (*master.metadata != known.metadata) {
      auto record = known;
      record.metadata = *master.metadata;
      catalog_.commit({.utterance = record, .speech = {}, .settled = {}});
    }
  }
  log(LogLevel::warning, kComponent, known.blob_name + " was healed from a speech made of it");
  return master;
}

bool Shelf::is_rejected(const Key& utterance) {
  try {
    return has_tombstone(tombstone_prefix() + utterance.hex());
  } catch (const Error& error) {
    if (!options_.far) throw;
    log(LogLevel::warning, kComponent, std::string("the store cannot be asked: ") + error.what());
    return false;
  }
}

// A rejection leads to the next take, so a store that says yes to every name would never let one be
// made: a tombstone is believed for what is written on it.
bool Shelf::has_tombstone(const std::string& name) {
  if (!blobs_->info(name)) return false;
  const auto bytes = blobs_->get(name);
  if (bytes && bytes->chars() == kRejected) return true;
  throw Error(ErrorCode::storage_failed,
              "the store says that " + name + " is there, and gives something else");
}

Master Shelf::keep_master(const Master& fresh) {
  try {
    Master kept = put_master(fresh);
    keeping_.went_well();
    return kept;
  } catch (const std::exception& error) {
    keeping_.note(error.what());
    throw;
  }
}

Master Shelf::put_master(const Master& fresh) {
  const std::string object = object_name(fresh.metadata->key, AudioFormat::flac);
  if (blobs_->put_if_absent(object, fresh.flac, labels_of(*fresh.metadata)) == PutOutcome::stored) {
    return fresh;
  }
  // Somebody was first (another host, or ourselves before a crash): theirs is kept and served.
  const auto first = blobs_->get(object);
  if (!first) throw Error(ErrorCode::storage_failed, object + " is there but unreadable", true);
  auto pcm = std::make_shared<const audio::Pcm>(audio::decode(first->span()));
  return make_master(*first, measured(*fresh.metadata, *first, *pcm), pcm);
}

std::string Shelf::keep_speech(const CacheEntry& speech) {
  const AudioFormat format = speech.metadata->format;
  std::string object = object_name(speech.metadata->key, format);
  blobs_->put_if_absent(object, speech.audio, labels_of(*speech.metadata));
  return object;
}

std::vector<std::string> Shelf::objects_of(const catalog::Catalog::Dropped& dropped) {
  std::vector<std::string> names;
  for (const auto& utterance : dropped.utterances) names.push_back(utterance.blob_name);
  for (const auto& speech : dropped.speeches) {
    if (!speech.record.blob_name.empty()) names.push_back(speech.record.blob_name);
  }
  return names;
}

void Shelf::drop(const catalog::Catalog::Dropped& dropped) {
  blobs_->remove_all(objects_of(dropped));
}

void Shelf::leave_tombstone(const Key& utterance) {
  blobs_->put_if_absent(tombstone_prefix() + utterance.hex(),
                        SharedBytes::adopt(std::string(kRejected)), {.media_type = "text/plain"});
}

catalog::UtteranceRecord utterance_record(const Identity& identity, const Key& base,
                                          const AudioMetadata& master, std::string blob_name) {
  return {.metadata = master,
          .base = base,
          .text = identity.text,
          .description = identity.description,
          .blob_name = std::move(blob_name)};
}

catalog::SpeechEntry speech_entry(const AudioMetadata& speech, std::string_view text,
                                  std::vector<Key> utterances, std::string blob_name) {
  catalog::SpeechEntry entry;
  entry.record.metadata = speech;
  entry.record.text = text;
  entry.record.blob_name = std::move(blob_name);
  entry.utterances = std::move(utterances);
  return entry;
}

}  // namespace bhashatts::engine
