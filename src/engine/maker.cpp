#include "engine/maker.h"

#include <exception>
#include <utility>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "engine/attempt_ledger.h"

namespace bhashatts::engine {
namespace {

constexpr std::string_view kComponent = "maker";

std::uint64_t lock_offset(const Key& key) { return std::hash<Key>{}(key); }

Identity identity_of(const Rooms& rooms, const Plan& plan, const Utterance& utterance) {
  return {.synthesizer = rooms.identity,
          .description = plan.description,
          .language = plan.language->name,
          .voice_style = plan.voice_style->name,
          .text = std::string(utterance.text),
          .take = utterance.take};
}

}  // namespace

std::optional<Master> Maker::find(const Plan& plan, const Utterance& utterance) {
  const bool alone = plan.utterances.size() == 1;
  return rooms_.shelf->find_master(
      utterance.key, alone ? std::span<const Key>(&plan.speech_key, 1) : std::span<const Key>());
}

std::optional<Maker::Made> Maker::make(const Plan& plan, const Utterance& utterance,
                                       const SpeechOf& speech_of, const std::stop_token& stop) {
  if (auto master = find(plan, utterance)) return Made{.master = std::move(*master)};
  rooms_.data.require_room();
  const auto lock = rooms_.locks->try_lock(lock_offset(utterance.key));
  if (!lock) return std::nullopt;
  // Whoever held the lock before us may have made it.
  if (auto master = find(plan, utterance)) return Made{.master = std::move(*master)};
  if (rooms_.shelf->is_rejected(utterance.key)) {
    follow_rejection(utterance);
    return std::nullopt;
  }
  return synthesize(plan, utterance, speech_of, stop);
}

// Rejected on another host, or before this catalog was lost: the next take is the current one.
void Maker::follow_rejection(const Utterance& utterance) {
  rooms_.catalog->reject(utterance.base, utterance.take);
  rooms_.generation->raise();
}

Maker::Made Maker::synthesize(const Plan& plan, const Utterance& utterance,
                              const SpeechOf& speech_of, const std::stop_token& stop) {
  AttemptLedger ledger(*rooms_.catalog, utterance.key, rooms_.identity,
                       rooms_.synthesizer->limits().max_cost_micro_usd);
  const Stopwatch watch;
  Attempt done;
  try {
    done = attempt(plan, utterance, stop);
  } catch (const Error& error) {
    ledger.fail(error, error.cost_micro_usd(), watch.ms());
    throw;
  }
  Master master;
  try {
    master = pass_gate(plan, utterance, done);
  } catch (const Error& error) {
    ledger.fail(error, done.result.cost_micro_usd, done.result.compute_ms);
    throw;
  }
  const bool kept = keep(master);
  const auto settled = ledger.settled(done.result.cost_micro_usd, done.result.compute_ms, "made");
  try {
    if (kept) {
      rooms_.catalog->commit({.utterance = record_of(plan, utterance, master),
                              .speech = speech_of(master),
                              .settled = settled,
                              .reservation = ledger.reservation()});
    } else if (settled) {
      rooms_.catalog->settle(ledger.reservation(), *settled);
    }
  } catch (const Error& error) {
    log(LogLevel::error, kComponent,
        std::string("speech was made but not recorded: ") + error.what());
  }
  return {.master = std::move(master), .synthesized = true, .kept = kept};
}

catalog::UtteranceRecord Maker::record_of(const Plan& plan, const Utterance& utterance,
                                          const Master& master) const {
  return utterance_record(identity_of(rooms_, plan, utterance), utterance.base, *master.metadata,
                          rooms_.shelf->object_name(utterance.key, AudioFormat::flac));
}

Maker::Attempt Maker::attempt(const Plan& plan, const Utterance& utterance,
                              const std::stop_token& stop) {
  const Stopwatch watch;
  const auto patience = std::chrono::milliseconds(rooms_.config.synthesis_timeout_ms);
  const SynthesisRequest request{.text = utterance.text,
                                 .language = plan.language->name,
                                 .voice_style = plan.voice_style->name,
                                 .description = plan.description,
                                 .take = utterance.take,
                                 .deadline = std::chrono::steady_clock::now() + patience,
                                 .stop = stop};
  try {
    Attempt done{rooms_.synthesizer->synthesize(request), watch.ms()};
    if (done.result.compute_ms <= 0) done.result.compute_ms = done.wall_ms;
    return done;
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorCode::plugin_failed, std::string("the synthesizer raised: ") + error.what());
  } catch (...) {
    throw Error(ErrorCode::plugin_failed, "the synthesizer raised something that is no exception");
  }
}

// Nothing that does not decode to the end is kept or served. The master is encoded by us, so that
// its header is right whatever came.
Master Maker::pass_gate(const Plan& plan, const Utterance& utterance, const Attempt& done) const {
  const auto pcm = std::make_shared<const audio::Pcm>(audio::decode(done.result.audio.span()));
  const SharedBytes flac =
      audio::encode(*pcm, AudioFormat::flac, to_comment(identity_of(rooms_, plan, utterance)));
  AudioMetadata metadata{.key = utterance.key,
                         .format = AudioFormat::flac,
                         .sample_rate = pcm->sample_rate,
                         .duration_ms = pcm->duration_ms(),
                         .size_bytes = flac.size(),
                         .checksum = xxh3_64(flac.span()),
                         .synthesizer = rooms_.identity,
                         .language = plan.language->name,
                         .voice_style = plan.voice_style->name,
                         .take = utterance.take,
                         .generation_time_ms = done.result.compute_ms,
                         .generation_cost_micro_usd = done.result.cost_micro_usd,
                         .created_at = unix_seconds()};
  return {flac, std::make_shared<const AudioMetadata>(std::move(metadata)), pcm};
}

// What was made is returned also when it cannot be kept: it is paid for. No record may then name an
// object that is not there.
bool Maker::keep(Master& master) {
  try {
    master = rooms_.shelf->keep_master(master);
    return true;
  } catch (const Error& error) {
    log(LogLevel::error, kComponent, std::string("speech was made but not kept: ") + error.what());
    return false;
  }
}

}  // namespace bhashatts::engine
