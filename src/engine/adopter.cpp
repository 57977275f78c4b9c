#include "engine/adopter.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/files.h"
#include "base/hash.h"
#include "engine/assemble.h"

namespace bhashatts::engine {
namespace {

namespace fs = std::filesystem;

// An hour of 16-bit mono at 48 kHz is 346 MB; decoding refuses what is longer.
constexpr std::size_t kLargestObject = std::size_t{2} << 30;
// For whoever makes the same text just now: a synthesis takes seconds.
constexpr auto kPatience = std::chrono::seconds(60);

// Where Django found a name taken it saved "<md5>_x7Hd9sK.wav" beside it. Never a path.
std::string renamed_leaf(const std::string& url, const std::string& md5) {
  std::string leaf = url.substr(0, url.find_first_of("?#"));
  leaf = leaf.substr(leaf.find_last_of('/') + 1);  // npos + 1 is 0
  return leaf.starts_with(md5 + "_") && leaf.ends_with(".wav") ? leaf : std::string();
}

void require_own_key(const GuideRow& row, const std::string& md5) {
  if (row.cache_key.empty() || row.cache_key == md5) return;
  throw Error(ErrorCode::bad_request,
              "its cache_key is not that of its text, language and style; the row was changed "
              "after its audio was made");
}

// The lock under which masters are made: against another row of the same text, another import, a
// request, and the sweep, which spares what is between its object and its record.
std::optional<LockFile::Lock> await_turn(Rooms& rooms, const Key& key) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  PoliteWait wait;
  for (;;) {
    auto lock = rooms.locks->try_lock(std::hash<Key>{}(key));
    if (lock) return lock;
    if (std::chrono::steady_clock::now() > until) break;
    std::this_thread::sleep_for(wait.next());
  }
  throw Error(ErrorCode::storage_failed, "the same text is being made just now; import again",
              true);
}

// What the gate says is for callers who may ask again; this audio stays as it is.
std::string fault_of(const Error& error) {
  const std::string_view message = error.what();
  return std::string(message.substr(0, message.find("; it was not kept")));
}

}  // namespace

struct Adopter::Found {
  std::string md5;
  PlanPtr plan;
  Utterance whole;  // its text is the plan's
  std::string guide_description;

  bool other_description() const { return guide_description != plan->description; }
};

Adopter::Adopter(Core& core, const ImportOptions& options)
    : core_(core), rooms_(core.rooms()), options_(options) {}

Adopter::Adopted Adopter::adopt(const GuideRow& row) {
  const Found found = understood(row);
  const auto turn = options_.dry_run ? std::nullopt : await_turn(rooms_, found.whole.key);
  if (is_there(found)) return {.already_there = true};
  refuse_rejected(found);
  const auto audio = read(found, row);
  if (!audio) throw Error(ErrorCode::not_found, "there is no audio of this name");
  const Gate::Passed passed = judged(found, *audio);
  if (!options_.dry_run) keep(found, row, passed);
  return {.whole = found.whole.whole,
          .other_description = found.other_description(),
          .duration_ms = passed.pcm->duration_ms()};
}

Adopter::Found Adopter::understood(const GuideRow& row) const {
  Found found;
  found.md5 = guide_cache_key(row.text, row.language, row.voice_style);
  require_own_key(row, found.md5);
  found.plan = core_.plan({.text = row.text,
                           .language = row.language,
                           .voice_style = row.voice_style,
                           .format = AudioFormat::wav},
                          rooms_.voice());
  found.whole = rooms_.voice().planner->whole(*found.plan);
  found.guide_description = get_voice_description(row.language, row.voice_style, "guide");
  if (options_.same_description && found.other_description()) {
    throw Error(ErrorCode::bad_request,
                "it was spoken to another voice description; leave out the wish for the same one, "
                "or set the voice profile to guide");
  }
  return found;
}

// The last question goes to the store: another host, or a catalog that was lost, may have known it.
bool Adopter::is_there(const Found& found) {
  const auto has_record = [this](const Utterance& one) {
    return rooms_.catalog->utterance(one.key).has_value();
  };
  return has_record(found.whole) || std::ranges::all_of(found.plan->utterances, has_record) ||
         is_stored(found.whole);
}

bool Adopter::is_stored(const Utterance& whole) {
  if (options_.dry_run) {  // keeps nothing, no record either
    return rooms_.blobs->info(rooms_.shelf->object_name(whole.key, AudioFormat::flac)).has_value();
  }
  return rooms_.shelf->find_master(whole.key, {}).has_value();
}

// It would come back as the take that somebody has heard and turned down.
void Adopter::refuse_rejected(const Found& found) {
  if (found.whole.take == 0 && !rooms_.shelf->is_rejected(found.whole.key)) return;
  throw Error(ErrorCode::bad_audio, "speech of this text was rejected here before");
}

std::optional<SharedBytes> Adopter::read(const Found& found, const GuideRow& row) const {
  std::vector<std::string> leaves{found.md5 + ".wav"};
  if (const auto other = renamed_leaf(row.audio_url, found.md5); !other.empty()) {
    leaves.push_back(other);
  }
  const auto ask = [this](const std::string& leaf) -> std::optional<SharedBytes> {
    const std::string name = options_.prefix + leaf;
    if (options_.read) return options_.read(name);
    if (options_.directory.empty()) return rooms_.blobs->get(name);
    const fs::path directory = options_.directory;
    auto bytes = map_file(directory / name);
    return bytes ? bytes : map_file(directory / leaf);
  };
  for (const std::string& leaf : leaves) {
    if (auto bytes = ask(leaf)) return bytes;
  }
  return std::nullopt;
}

// Another take to compare a doubtful one with does not exist.
Gate::Passed Adopter::judged(const Found& found, const SharedBytes& audio) const {
  if (audio.size() > kLargestObject) {
    throw Error(ErrorCode::bad_audio, "the object is too large to be one speech");
  }
  Gate::Doubted none;
  try {
    return rooms_.gate->pass(rooms_.voice().identity, *found.plan, found.whole, audio.span(), none);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_audio) throw;
    throw Error(ErrorCode::bad_audio, fault_of(error));
  }
}

namespace {

Identity identity_of(const Rooms& rooms, const Plan& plan, const Utterance& whole) {
  return {.synthesizer = rooms.voices.front().identity,
          .description = plan.description,
          .language = plan.language->name,
          .voice_style = plan.voice_style->name,
          .text = std::string(whole.text),
          .take = whole.take};
}

// The identity that its key stands for, and beside it where the audio really comes from.
std::string comment_of(const Identity& identity, const std::string& md5,
                       const std::string& guide_description) {
  auto comment = nlohmann::json::parse(to_comment(identity));
  comment["imported"] = {{"cache_key", md5}, {"description", guide_description}};
  return comment.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Master Adopter::master_of(const Found& found, const GuideRow& row,
                          const Gate::Passed& passed) const {
  const Identity identity = identity_of(rooms_, *found.plan, found.whole);
  const SharedBytes flac = audio::encode(*passed.pcm, AudioFormat::flac,
                                         comment_of(identity, found.md5, found.guide_description));
  AudioMetadata metadata{.key = found.whole.key,
                         .format = AudioFormat::flac,
                         .sample_rate = passed.pcm->sample_rate,
                         .duration_ms = passed.pcm->duration_ms(),
                         .size_bytes = flac.size(),
                         .checksum = xxh3_64(flac.span()),
                         .synthesizer = identity.synthesizer,
                         .language = identity.language,
                         .voice_style = identity.voice_style,
                         .take = identity.take,
                         .generation_time_ms = row.generation_time_ms,
                         .generation_cost_micro_usd = row.generation_cost_micro_usd,
                         .created_at = unix_seconds()};
  return {flac, std::make_shared<const AudioMetadata>(std::move(metadata)), passed.pcm};
}

// The speech that the guide served gets its record, and its page the link, but no object: it is
// derived from the master when it is first asked for. No tier is filled either: a library that is
// adopted must not drive out what is being heard.
catalog::SpeechEntry Adopter::speech_of(const Found& found, const GuideRow& row,
                                        const Master& master) const {
  const Key& utterance = found.whole.key;
  const CacheEntry speech =
      assemble(speech_key(utterance, AudioFormat::wav, rooms_.config.key_secret), AudioFormat::wav,
               {&master, 1}, {});
  auto entry = speech_entry(*speech.metadata, found.plan->text, {utterance}, "");
  if (row.page_number > 0 && row.story_id.size() <= 256) {
    entry.record.story_id = row.story_id;
    entry.record.page_number = row.story_id.empty() ? 0 : row.page_number;
  }
  return entry;
}

// Only what was spoken to our description tells how our voice speaks.
void Adopter::keep(const Found& found, const GuideRow& row, const Gate::Passed& passed) {
  const Key& key = found.whole.key;
  const Master master = rooms_.shelf->keep_master(master_of(found, row, passed));
  rooms_.catalog->commit({.utterance = utterance_record(
                              identity_of(rooms_, *found.plan, found.whole), found.whole.base,
                              *master.metadata, rooms_.shelf->object_name(key, AudioFormat::flac)),
                          .speech = speech_of(found, row, master),
                          .settled = {},
                          .pace = found.other_description() ? std::nullopt : passed.pace});
}

}  // namespace bhashatts::engine
