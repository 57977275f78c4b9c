#include "engine/core.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "engine/assemble.h"
#include "engine/speech_job.h"

namespace bhashatts::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kManyRows = 10'000;

std::int32_t concurrency_of(const Rooms& rooms, const Voice& voice) {
  const auto configured = static_cast<std::int32_t>(rooms.config.workers);
  return configured > 0 ? configured : std::max(1, voice.synthesizer->limits().concurrency);
}

// What another voice may help against: the upstream's troubles and the money's, not the caller's.
// A text that one voice refuses may be spoken by the next.
bool may_fall_back(const Error& error) {
  const int family = static_cast<int>(error.code()) / 100;
  return family == 4 || family == 5 || error.code() == ErrorCode::plugin_failed;
}

steady_clock::time_point deadline_of(const SpeechRequest& request, const Config& config) {
  const auto patience = request.timeout.value_or(milliseconds(config.default_timeout_ms));
  constexpr milliseconds kForever = std::chrono::hours(24 * 365);  // beyond it, time would overflow
  return steady_clock::now() + std::clamp(patience, milliseconds(0), kForever);
}

// How long a voice is waited for while another could still speak: two thirds of the time, so that
// one that hangs leaves the next one some.
steady_clock::time_point part_of(steady_clock::time_point deadline) {
  const auto now = steady_clock::now();
  return deadline > now ? now + (deadline - now) / 3 * 2 : deadline;
}

}  // namespace

Core::Core(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)), upkeep_(*rooms_, usage_) {
  for (const Voice& voice : rooms_->voices) {
    workers_.push_back(
        std::make_unique<Workers>(static_cast<std::size_t>(concurrency_of(*rooms_, voice))));
  }
  upkeep_.start();
}

Core::~Core() { close(milliseconds(rooms_->config.drain_timeout_ms)); }

std::int32_t Core::concurrency() const { return concurrency_of(*rooms_, rooms_->voices.front()); }

void Core::require_open() const {
  if (closed_.load(std::memory_order_relaxed)) {
    throw Error(ErrorCode::closed, "the engine was closed");
  }
}

PlanPtr Core::plan(const SpeechRequest& request, const Voice& voice) {
  require_open();
  require_encodable(request.format);
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
  const Deadline deadline = deadline_of(request, rooms_->config);
  std::optional<Error> first;
  for (const Voice& voice : rooms_->voices) {
    if (first) wanted = plan(request, voice);
    const bool last = !request.allow_fallback || &voice == &rooms_->voices.back();
    try {
      return fly(request, wanted, last ? deadline : part_of(deadline));
    } catch (const Error& error) {
      if (!first) first = error;
      if (last || !may_fall_back(error) || steady_clock::now() >= deadline) break;
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
    rooms_->data.require_room();
  }
  Outcome outcome = depart(request, wanted, deadline);
  return served(std::move(outcome.entry), outcome.origin, *wanted);
}

Outcome Core::depart(const SpeechRequest& request, const PlanPtr& wanted, Deadline deadline) {
  const Stopwatch watch;
  const auto seat = flights_.join(wanted->speech_key);
  if (seat.leads) {
    workers_[wanted->voice]->submit(std::make_unique<SpeechJob>(*rooms_, flights_, seat.flight,
                                                                wanted, !request.story_id.empty()));
  }
  const milliseconds hint(usual_ms_.load(std::memory_order_relaxed));
  Outcome outcome = seat.flight->wait(deadline, request.stop, hint);
  if (seat.leads) usual_ms_ = std::clamp<std::int64_t>(watch.ms(), 50, 60'000);
  const bool shared = outcome.origin == Origin::synthesized && !seat.leads;
  if (shared) outcome.origin = Origin::joined;
  return outcome;
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

// From the permanent store, on the caller's thread: it decodes and encodes, and never waits.
std::optional<Speech> Core::derive(const PlanPtr& wanted) {
  if (auto kept = rooms_->shelf->find_speech(wanted->speech_key)) {
    rooms_->tiers->put(*kept, wanted->generation);
    return served(std::move(*kept), Origin::blob, *wanted);
  }
  Maker maker(*rooms_);
  std::vector<Master> masters;
  for (const Utterance& utterance : wanted->utterances) {
    auto master = maker.find(*wanted, utterance);
    if (!master) return std::nullopt;
    masters.push_back(std::move(*master));
  }
  const CacheEntry speech = assemble(wanted->speech_key, wanted->format, masters);
  rooms_->tiers->put(speech, wanted->generation);
  return served(speech, Origin::blob, *wanted);
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

void Core::close(milliseconds drain) {
  if (closed_.exchange(true)) return;
  const auto until = steady_clock::now() + drain;
  for (const auto& workers : workers_) workers->close(until);
  upkeep_.stop();
  rooms_->tiers->flush();
}

}  // namespace bhashatts::engine
