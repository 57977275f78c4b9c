#include "engine/maker.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "engine/hosts.h"

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

// What needs no question to a store far away: that takes 50 ms and costs, and whoever waits for
// another process or host comes back often.
std::optional<Master> Maker::find_near(const Plan& plan, const Utterance& utterance) {
  if (rooms_.store_is_local || rooms_.catalog->utterance(utterance.key)) {
    return find(plan, utterance);
  }
  return find_in_tiers(utterance);
}

// A store far away has its masters in the tiers too, where other hosts find them before they are
// uploaded.
std::optional<Master> Maker::find_in_tiers(const Utterance& utterance) {
  if (rooms_.store_is_local) return std::nullopt;
  const auto hit = rooms_.tiers->get(utterance.key, rooms_.generation->read());
  return hit ? rooms_.shelf->accept(hit->entry) : std::nullopt;
}

// A speech of this utterance alone holds the same samples, where it is lossless.
std::optional<Master> Maker::find(const Plan& plan, const Utterance& utterance) {
  if (auto near = find_in_tiers(utterance)) return near;
  std::vector<Key> copies;
  if (plan.utterances.size() == 1) {
    for (const AudioFormat format : {AudioFormat::wav, AudioFormat::flac}) {
      copies.push_back(speech_key(utterance.key, format, rooms_.config.key_secret));
    }
  }
  auto found = rooms_.shelf->find_master(utterance.key, copies);
  if (found) share(*found, plan.generation);
  return found;
}

void Maker::share(const Master& master, std::uint64_t generation) {
  if (!rooms_.store_is_local) rooms_.tiers->put({master.flac, master.metadata}, generation);
}

Maker::Made Maker::make(const Plan& plan, const Utterance& utterance, const SpeechOf& speech_of,
                        const std::stop_token& stop) {
  if (auto master = find_near(plan, utterance)) return {.master = std::move(*master)};
  rooms_.require_room();
  const auto lock = rooms_.locks->try_lock(lock_offset(utterance.key));
  if (!lock) return {.outcome = Outcome::busy};
  const auto turn = rooms_.hosts->try_turn(utterance.key);
  if (!turn) return {.outcome = Outcome::busy};
  // Whoever had the lock or the turn before us may have made it.
  if (auto master = find(plan, utterance)) return {.master = std::move(*master)};
  if (utterance.whole) {
    give_up_whole(utterance);
    return {.outcome = Outcome::changed};
  }
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

// Lost, and no synthesizer says as much at once: from now on the page is made of its utterances.
void Maker::give_up_whole(const Utterance& utterance) {
  rooms_.shelf->drop(rooms_.catalog->remove_utterance(utterance.key));
  rooms_.generation->raise();
}

// A host that shares its bucket asks it once more before it pays: 50 ms beside seconds and money.
PlanPtr Maker::whole_plan(const Plan& plan) {
  if (plan.utterances.size() < 2) return nullptr;
  const bool all_here = std::ranges::all_of(plan.utterances, [&](const Utterance& one) {
    return rooms_.catalog->utterance(one.key).has_value();
  });
  if (all_here) return nullptr;  // and a store that is away is not waited for
  Planner& planner = rooms_.planner(plan);
  const Utterance whole = planner.whole(plan);
  if (!rooms_.catalog->utterance(whole.key) && (whole.take > 0 || !find(plan, whole))) {
    return nullptr;
  }
  planner.forget_memo();  // it holds the other plan
  auto again = planner.plan_again(plan);
  return again->utterances.size() == 1 ? again : nullptr;
}

Maker::Made Maker::synthesize(const Plan& plan, const Utterance& utterance,
                              const SpeechOf& speech_of, const std::stop_token& stop) {
  auto accepted = rooms_.attempts->run(rooms_.voice(plan), plan, utterance, stop);
  Made made{.outcome = Outcome::made,
            .master = master_of(plan, utterance, accepted),
            .synthesized = true};
  made.kept = keep(made.master);
  share(made.master, plan.generation);
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
    if (rooms_.config.durability == "remote") throw;  // who asks again finds it, if it is spooled
    return false;
  }
}

}  // namespace bhashatts::engine
