#include "engine/core.h"

#include <algorithm>
#include <utility>

#include "blob/spooled_store.h"
#include "engine/assemble.h"
#include "engine/async_speech.h"
#include "engine/course.h"
#include "engine/recording.h"
#include "engine/speech_job.h"
#include "engine/timings.h"

namespace bhashatts::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kManyRows = 10'000;

}  // namespace

Core::Core(std::unique_ptr<Rooms> rooms)
    : rooms_(std::move(rooms)), upkeep_(*rooms_, usage_), notices_(*rooms_), crew_(*rooms_) {
  upkeep_.start();
  notices_.start();
}

Core::~Core() { close(milliseconds(rooms_->config.drain_timeout_ms)); }

std::int32_t Core::concurrency() const { return Crew::concurrency_of(*rooms_, rooms_->voice()); }

void Core::require_open() const {
  if (closed_.load(std::memory_order_relaxed)) {
    throw Error(ErrorCode::closed, "the engine was closed");
  }
}

Core::Deadline Core::deadline_of(const SpeechRequest& request) const {
  const auto patience = request.timeout.value_or(milliseconds(rooms_->config.default_timeout_ms));
  constexpr milliseconds kForever = std::chrono::hours(24 * 365);  // beyond it, time would overflow
  return steady_clock::now() + std::clamp(patience, milliseconds(0), kForever);
}

PlanPtr Core::plan(const SpeechRequest& request, const Voice& voice) {
  require_open();
  return voice.planner->plan(request);
}

Speech Core::synthesize(const SpeechRequest& request) {
  Course course(*this, request);
  for (;;) {
    try {
      Speech speech = fly(course);
      course.arrived(speech);
      return speech;
    } catch (const Error& error) {
      if (!course.turn(error)) throw course.failed(error);
    }
  }
}

Speech Core::fly(Course& course) {
  const PlanPtr& wanted = course.plan();
  if (auto speech = ready(wanted)) return std::move(*speech);
  const Seat seat = depart(course.request(), wanted);
  const Stopwatch flown;
  Outcome outcome = seat.flight->wait(course.turn_until(), course.request().stop, hint());
  note_flight(seat, flown);
  return landed(*wanted, seat, std::move(outcome));
}

// On the caller's thread, which may be an event loop's, no tier but memory and the disk is asked.
// `done` is copied nowhere: what a host has bound to it may be dear to copy.
void Core::synthesize_async(const SpeechRequest& request, OnSpeech done) {
  require_open();
  try {
    Course course(*this, request);
    const PlanPtr& wanted = course.plan();
    if (auto hit = rooms_->tiers->get_nearby(wanted->speech_key, wanted->generation)) {
      Speech speech = served(std::move(hit->entry), hit->origin, *wanted);
      course.arrived(speech);
      return tell(done, {.speech = std::move(speech), .error = std::nullopt});
    }
    auto call = open_calls_.begin();
    Reply<SpeechResult> reply(std::move(done), std::move(call));
    std::make_shared<AsyncSpeech>(*this, std::move(course), std::move(reply))->begin();
  } catch (const Error& error) {
    tell(done, {.speech = std::nullopt, .error = error});
  }
}

std::optional<Speech> Core::ready(const PlanPtr& wanted) {
  if (auto hit = rooms_->tiers->get(wanted->speech_key, wanted->generation)) {
    return served(std::move(hit->entry), hit->origin, *wanted);
  }
  if (!rooms_->data.read_only()) return std::nullopt;
  auto speech = derive(wanted, Keep::in_tiers);
  if (!speech) rooms_->require_room();
  return speech;
}

Core::Seat Core::depart(const SpeechRequest& request, const PlanPtr& wanted) {
  Seat seat = crew_.speeches.join(wanted->speech_key);
  if (seat.leads) {
    std::make_shared<SpeechWork>(*rooms_, crew_, seat.flight, wanted, !request.story_id.empty())
        ->begin();
  }
  return seat;
}

milliseconds Core::hint() const { return milliseconds(usual_ms_.load(std::memory_order_relaxed)); }

void Core::note_flight(const Seat& seat, const Stopwatch& flown) {
  if (seat.leads) usual_ms_ = std::clamp<std::int64_t>(flown.ms(), 50, 60'000);
}

Speech Core::landed(const Plan& plan, const Seat& seat, Outcome outcome) const {
  const bool shared = outcome.origin == Origin::synthesized && !seat.leads;
  return served(std::move(outcome.entry), shared ? Origin::joined : outcome.origin, plan);
}

Core::Sought Core::seek(const PlanPtr& wanted, std::size_t place) {
  require_open();
  const Utterance& utterance = wanted->utterances[place];
  Maker maker(*rooms_);
  if (auto master = maker.find(*wanted, utterance)) {
    return {.made = {.master = std::move(*master)}, .flight = nullptr};
  }
  rooms_->require_room();
  if (place == 0 && maker.whole_plan(*wanted)) {
    return {.made = {.outcome = Maker::Outcome::changed}, .flight = nullptr};
  }
  const auto seat = crew_.utterances.join(utterance.key);
  if (seat.leads) {
    crew_.of(*wanted).submit(
        std::make_unique<UtteranceJob>(*rooms_, crew_.utterances, seat.flight, wanted, place));
  }
  return {.made = {}, .flight = seat.flight};
}

Speech Core::served(CacheEntry entry, Origin origin, const Plan& plan) const {
  return {std::move(entry.audio), std::move(entry.metadata), origin, rooms_->voice(plan).fallback};
}

std::optional<Speech> Core::lookup(const SpeechRequest& request) {
  const Stopwatch watch;
  const Keep keep = rooms_->data.read_only()   ? Keep::in_tiers
                    : request.story_id.empty() ? Keep::recorded
                                               : Keep::recorded_as_page;
  for (const Voice& voice : rooms_->voices) {
    const PlanPtr wanted = plan(request, voice);
    auto speech = find(wanted, keep);
    if (speech) count({request, wanted, &*speech, nullptr, watch.us()});
    if (speech || !request.allow_fallback) return speech;
  }
  return std::nullopt;
}

// Usage is not flushed here, whoever closes meanwhile: an observer might be called.
std::optional<Speech> Core::recall(const SpeechRequest& request) {
  const Stopwatch watch;
  if (closed_.load(std::memory_order_relaxed)) return std::nullopt;
  const PlanPtr wanted = rooms_->voice().planner->plan(request);
  auto entry = rooms_->tiers->recall(wanted->speech_key);
  if (!entry) return std::nullopt;
  Speech speech = served(std::move(*entry), Origin::memory, *wanted);
  if (!rooms_->data.read_only()) usage_.add({request, wanted, &speech, nullptr, watch.us()});
  if (usage_.size() > kManyRows) upkeep_.wake();
  return speech;
}

bool Core::would_hit(const SpeechRequest& request) {
  return find(plan(request, rooms_->voice()), Keep::in_tiers).has_value();
}

std::optional<Speech> Core::find(const PlanPtr& wanted, Keep keep) {
  if (auto hit = rooms_->tiers->get(wanted->speech_key, wanted->generation)) {
    return served(std::move(hit->entry), hit->origin, *wanted);
  }
  return derive(wanted, keep);
}

// From the permanent store, on the caller's thread: it decodes and encodes, and waits for
// nothing but the store.
std::optional<Speech> Core::derive(const PlanPtr& wanted, Keep keep) {
  if (auto kept = rooms_->shelf->find_speech(wanted->speech_key)) {
    rooms_->tiers->put(*kept, wanted->generation);
    return served(std::move(*kept), Origin::blob, *wanted);
  }
  Maker maker(*rooms_);
  if (const PlanPtr whole = maker.whole_plan(*wanted)) return find(whole, keep);
  std::vector<Master> masters;
  for (const Utterance& utterance : wanted->utterances) {
    auto master = maker.find(*wanted, utterance);
    if (!master) return std::nullopt;
    masters.push_back(std::move(*master));
  }
  const CacheEntry speech =
      assemble(wanted->speech_key, wanted->format, masters, pauses_of(*wanted));
  rooms_->tiers->put(speech, wanted->generation);
  if (keep != Keep::in_tiers) {  // whoever has the lock records it, or forgets it
    const auto lock = rooms_->locks->try_lock(std::hash<Key>{}(wanted->speech_key));
    if (lock) record_derived(*rooms_, *wanted, speech, keep == Keep::recorded_as_page);
  }
  return served(speech, Origin::blob, *wanted);
}

// A speech of another voice of the chain is of the same text, but may be split otherwise.
Timings Core::timings(const SpeechRequest& request, const Speech& speech) {
  for (const Voice& voice : rooms_->voices) {
    if (voice.identity != speech.metadata().synthesizer) continue;
    PlanPtr wanted = plan(request, voice);
    if (wanted->utterances.size() != speech.metadata().places.size()) {
      wanted = voice.planner->plan_again(*wanted);  // remembered from before it was imported
    }
    const auto utterances = voice.planner->split(*wanted);
    if (utterances.size() != speech.metadata().places.size()) break;
    return timings_of(request.text, wanted->text, utterances, speech.metadata());
  }
  throw Error(ErrorCode::bad_request, "this speech is not of this text");
}

void Core::count(const Served& served) {
  if (rooms_->data.read_only()) return;
  usage_.add(served);
  if (usage_.size() > kManyRows) upkeep_.wake();
  // close() may have written the usage already.
  if (settled_.load(std::memory_order_seq_cst)) upkeep_.flush();
}

void Core::flush() {
  rooms_->tiers->flush();
  upkeep_.flush();
}

// What is owed survives, so this is a courtesy: a short-lived process pays its own debts where the
// store takes them at once. One that does not is not waited for.
void Core::settle_spool(Deadline until) {
  constexpr auto kPatience = std::chrono::seconds(10);
  constexpr milliseconds kLook{100};
  if (!rooms_->spool) return;
  until = std::min(until, steady_clock::now() + kPatience);
  while (steady_clock::now() < until && !rooms_->spool->spool_status().trouble) {
    if (rooms_->spool->drain(std::min(until, steady_clock::now() + kLook))) return;
  }
}

void Core::close(milliseconds drain) {
  if (closed_.exchange(true)) return;
  const auto until = steady_clock::now() + drain;
  crew_.close(until);
  open_calls_.close();
  alarms_.close();
  settled_ = true;
  notices_.stop();
  upkeep_.stop();
  rooms_->tiers->flush();
  settle_spool(until);
}

}  // namespace bhashatts::engine
