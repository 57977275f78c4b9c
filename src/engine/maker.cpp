#include "engine/maker.h"

#include <exception>
#include <utility>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"

namespace bhashatts::engine {
namespace {

constexpr std::string_view kComponent = "maker";

std::uint64_t lock_offset(const Key& key) { return std::hash<Key>{}(key); }

Identity identity_of(const Rooms& rooms, const Plan& plan, const Utterance& utterance) {
  return {.synthesizer = rooms.voice(plan).identity,
          .description = plan.description,
          .language = plan.language->name,
          .voice_style = plan.voice_style->name,
          .text = std::string(utterance.text),
          .take = utterance.take};
}

}  // namespace

// A speech of this utterance alone holds the same samples, where it is lossless.
std::optional<Master> Maker::find(const Plan& plan, const Utterance& utterance) {
  std::vector<Key> copies;
  if (plan.utterances.size() == 1) {
    for (const AudioFormat format : {AudioFormat::wav, AudioFormat::flac}) {
      copies.push_back(speech_key(utterance.key, format, rooms_.config.key_secret));
    }
  }
  return rooms_.shelf->find_master(utterance.key, copies);
}

Maker::Made Maker::make(const Plan& plan, const Utterance& utterance, const SpeechOf& speech_of,
                        const std::stop_token& stop) {
  if (auto master = find(plan, utterance)) return {.master = std::move(*master)};
  rooms_.data.require_room();
  const auto lock = rooms_.locks->try_lock(lock_offset(utterance.key));
  if (!lock) return {.outcome = Outcome::busy};
  // Whoever held the lock before us may have made it.
  if (auto master = find(plan, utterance)) return {.master = std::move(*master)};
  if (rooms_.shelf->is_rejected(utterance.key)) {
    follow_rejection(utterance);
    return {.outcome = Outcome::changed};
  }
  const auto slot = CallSlot::try_take(rooms_.voice(plan), *rooms_.locks);
  if (!slot) return {.outcome = Outcome::busy};
  return synthesize(plan, utterance, speech_of, stop);
}

// Rejected on another host, or before this catalog was lost: the next take is the current one.
void Maker::follow_rejection(const Utterance& utterance) {
  rooms_.catalog->reject(utterance.base, utterance.take);
  rooms_.generation->raise();
}

Maker::Made Maker::synthesize(const Plan& plan, const Utterance& utterance,
                              const SpeechOf& speech_of, const std::stop_token& stop) {
  auto accepted = rooms_.attempts->run(rooms_.voice(plan), plan, utterance, stop);
  Made made{.outcome = Outcome::made,
            .master = master_of(plan, utterance, accepted),
            .synthesized = true};
  made.kept = keep(made.master);
  if (!made.kept) return made;
  try {
    record(plan, utterance, made, accepted, speech_of);
  } catch (const std::exception& error) {
    log(LogLevel::error, kComponent,
        std::string("speech was made but not recorded: ") + error.what());
  }
  return made;
}

void Maker::record(const Plan& plan, const Utterance& utterance, const Made& made,
                   Attempts::Accepted& accepted, const SpeechOf& speech_of) {
  rooms_.catalog->commit({.utterance = record_of(plan, utterance, made.master),
                          .speech = speech_of ? speech_of(made.master) : std::nullopt,
                          .settled = accepted.ledger.owed(),
                          .reservation = accepted.ledger.reservation(),
                          .pace = accepted.passed.pace});
  accepted.ledger.committed();
}

catalog::UtteranceRecord Maker::record_of(const Plan& plan, const Utterance& utterance,
                                          const Master& master) const {
  return utterance_record(identity_of(rooms_, plan, utterance), utterance.base, *master.metadata,
                          rooms_.shelf->object_name(utterance.key, AudioFormat::flac));
}

// Encoded by us, so that its header is right whatever came.
Master Maker::master_of(const Plan& plan, const Utterance& utterance,
                        const Attempts::Accepted& accepted) const {
  const auto& pcm = accepted.passed.pcm;
  const SharedBytes flac =
      audio::encode(*pcm, AudioFormat::flac, to_comment(identity_of(rooms_, plan, utterance)));
  AudioMetadata metadata{.key = utterance.key,
                         .format = AudioFormat::flac,
                         .sample_rate = pcm->sample_rate,
                         .duration_ms = pcm->duration_ms(),
                         .size_bytes = flac.size(),
                         .checksum = xxh3_64(flac.span()),
                         .synthesizer = rooms_.voice(plan).identity,
                         .language = plan.language->name,
                         .voice_style = plan.voice_style->name,
                         .take = utterance.take,
                         .generation_time_ms = accepted.result.compute_ms,
                         .generation_cost_micro_usd = accepted.result.cost_micro_usd,
                         .created_at = unix_seconds()};
  return {flac, std::make_shared<const AudioMetadata>(std::move(metadata)), pcm};
}

// What was made is returned also when it cannot be kept: it is paid for. No record may then name an
// object that is not there.
bool Maker::keep(Master& master) {
  try {
    master = rooms_.shelf->keep_master(master);
    return true;
  } catch (const std::exception& error) {
    log(LogLevel::error, kComponent, std::string("speech was made but not kept: ") + error.what());
    return false;
  }
}

}  // namespace bhashatts::engine
