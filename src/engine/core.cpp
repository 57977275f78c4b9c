#include "engine/core.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "blob/spooled_store.h"
#include "engine/assemble.h"
#include "engine/speech_job.h"
#include "engine/timings.h"

namespace bhashatts::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kManyRows = 10'000;

// How long a voice is waited for while another could still speak: two thirds of the time, so that
// one that hangs leaves the next one some.
steady_clock::time_point part_of(steady_clock::time_point deadline) {
  const auto now = steady_clock::now();
  return deadline > now ? now + (deadline - now) / 3 * 2 : deadline;
}

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

// What another voice may help against: the upstream's troubles and the money's, not the caller's.
// A text that one voice refuses may be spoken by the next.
bool Core::may_fall_back(const SpeechRequest& request, const Error& error) {
  if (!request.allow_fallback) return false;
  const int family = static_cast<int>(error.code()) / 100;
  return family == 4 || family == 5 || error.code() == ErrorCode::plugin_failed;
}

PlanPtr Core::plan(const SpeechRequest& request, const Voice& voice) {
  require_open();
  return voice.planner->plan(request);
}

Speech Core::synthesize(const SpeechRequest& request) {
  const Stopwatch watch;
  PlanPtr wanted = plan(request, rooms_->voice());
  try {
    Speech speech = speak(request, wanted);
    count({request, wanted, &speech, nullptr, watch.us()});
    return speech;
  } catch (const Error& error) {
    count({request, wanted, nullptr, &error, watch.us()});
    throw;
  }
}

// The voices in order; each speaks the whole speech, under a key of its own, so that there are
// never two voices in one page and the first is asked again the next time. Leaves the plan of the
// voice that spoke. Where none did, the first one's error is what there is to mend.
Speech Core::speak(const SpeechRequest& request, PlanPtr& wanted) {
  const Deadline deadline = deadline_of(request);
  std::optional<Error> first;
  for (const Voice& voice : rooms_->voices) {
    if (first) wanted = plan(request, voice);
    const bool last = !request.allow_fallback || &voice == &rooms_->voices.back();
    try {
      return fly(request, wanted, last ? deadline : part_of(deadline));
    } catch (const Error& error) {
      if (!first) first = error;
      if (last || !may_fall_back(request, error) || steady_clock::now() >= deadline) break;
    }
  }
  throw Error(*first);
}

Speech Core::fly(const SpeechRequest& request, const PlanPtr& wanted, Deadline deadline) {
  if (auto hit = rooms_->tiers->get(wanted->speech_key, wanted->generation)) {
    return served(std::move(hit->entry), hit->origin, *wanted);
  }
  if (rooms_->data.read_only()) {
    if (auto speech = derive(wanted)) return *speech;
    rooms_->require_room();
  }
  return arrive(request, wanted, depart(request, wanted), deadline);
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

Speech Core::arrive(const SpeechRequest& request, const PlanPtr& wanted, const Seat& seat,
                    Deadline deadline) {
  const Stopwatch watch;
  Outcome outcome = seat.flight->wait(deadline, request.stop, hint());
  if (seat.leads) usual_ms_ = std::clamp<std::int64_t>(watch.ms(), 50, 60'000);
  const bool shared = outcome.origin == Origin::synthesized && !seat.leads;
  return served(std::move(outcome.entry), shared ? Origin::joined : outcome.origin, *wanted);
}

Maker::Made Core::await_utterance(const SpeechRequest& request, const PlanPtr& wanted,
                                  std::size_t place, Deadline deadline) {
  require_open();
  const Utterance& utterance = wanted->utterances[place];
  Maker maker(*rooms_);
  if (auto master = maker.find(*wanted, utterance)) return {.master = std::move(*master)};
  rooms_->require_room();
  if (place == 0 && maker.whole_plan(*wanted)) return {.outcome = Maker::Outcome::changed};
  const auto seat = crew_.utterances.join(utterance.key);
  if (seat.leads) {
    crew_.of(*wanted).submit(
        std::make_unique<UtteranceJob>(*rooms_, crew_.utterances, seat.flight, wanted, place));
  }
  return seat.flight->wait(deadline, request.stop, hint());
}

Speech Core::served(CacheEntry entry, Origin origin, const Plan& plan) const {
  return {std::move(entry.audio), std::move(entry.metadata), origin, rooms_->voice(plan).fallback};
}

std::optional<Speech> Core::lookup(const SpeechRequest& request) {
  const Stopwatch watch;
  for (const Voice& voice : rooms_->voices) {
    const PlanPtr wanted = plan(request, voice);
    auto speech = find(wanted);
    if (speech) count({request, wanted, &*speech, nullptr, watch.us()});
    if (speech || !request.allow_fallback) return speech;
  }
  return std::nullopt;
}

bool Core::would_hit(const SpeechRequest& request) {
  return find(plan(request, rooms_->voice())).has_value();
}

std::optional<Speech> Core::find(const PlanPtr& wanted) {
  if (auto hit = rooms_->tiers->get(wanted->speech_key, wanted->generation)) {
    return served(std::move(hit->entry), hit->origin, *wanted);
  }
  return derive(wanted);
}

// From the permanent store, on the caller's thread: it decodes and encodes, and waits for
// nothing but the store.
std::optional<Speech> Core::derive(const PlanPtr& wanted) {
  if (auto kept = rooms_->shelf->find_speech(wanted->speech_key)) {
    rooms_->tiers->put(*kept, wanted->generation);
    return served(std::move(*kept), Origin::blob, *wanted);
  }
  Maker maker(*rooms_);
  if (const PlanPtr whole = maker.whole_plan(*wanted)) return find(whole);
  std::vector<Master> masters;
  for (const Utterance& utterance : wanted->utterances) {
    auto master = maker.find(*wanted, utterance);
    if (!master) return std::nullopt;
    masters.push_back(std::move(*master));
  }
  const CacheEntry speech =
      assemble(wanted->speech_key, wanted->format, masters, pauses_of(*wanted));
  rooms_->tiers->put(speech, wanted->generation);
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
  // close() landed this call and may have written the usage already.
  if (closed_.load(std::memory_order_seq_cst)) upkeep_.flush();
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
  notices_.stop();
  upkeep_.stop();
  rooms_->tiers->flush();
  settle_spool(until);
}

}  // namespace bhashatts::engine
