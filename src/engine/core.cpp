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

std::int32_t concurrency_of(const Rooms& rooms) {
  const auto configured = static_cast<std::int32_t>(rooms.config.workers);
  return configured > 0 ? configured : std::max(1, rooms.synthesizer->limits().concurrency);
}

steady_clock::time_point deadline_of(const SpeechRequest& request, const Config& config) {
  const auto patience = request.timeout.value_or(milliseconds(config.default_timeout_ms));
  constexpr milliseconds kForever = std::chrono::hours(24 * 365);  // beyond it, time would overflow
  return steady_clock::now() + std::clamp(patience, milliseconds(0), kForever);
}

}  // namespace

Core::Core(std::unique_ptr<Rooms> rooms)
    : rooms_(std::move(rooms)),
      concurrency_(concurrency_of(*rooms_)),
      upkeep_(*rooms_, usage_),
      workers_(static_cast<std::size_t>(concurrency_)) {
  upkeep_.start();
}

Core::~Core() { close(milliseconds(rooms_->config.drain_timeout_ms)); }

void Core::require_open() const {
  if (closed_.load(std::memory_order_relaxed)) {
    throw Error(ErrorCode::closed, "the engine was closed");
  }
}

PlanPtr Core::plan(const SpeechRequest& request) {
  require_open();
  require_encodable(request.format);
  return rooms_->planner->plan(request);
}

Speech Core::synthesize(const SpeechRequest& request) {
  const Stopwatch watch;
  const PlanPtr wanted = plan(request);
  try {
    Speech speech = fly(request, wanted);
    count({request, wanted, &speech, nullptr, watch.us()});
    return speech;
  } catch (const Error& error) {
    count({request, wanted, nullptr, &error, watch.us()});
    throw;
  }
}

Speech Core::fly(const SpeechRequest& request, const PlanPtr& wanted) {
  if (auto hit = rooms_->tiers->get(wanted->speech_key, wanted->generation)) {
    return {std::move(hit->entry.audio), std::move(hit->entry.metadata), hit->origin};
  }
  if (rooms_->data.read_only()) {
    if (auto speech = derive(wanted)) return *speech;
    rooms_->data.require_room();
  }
  const Stopwatch watch;
  const auto seat = flights_.join(wanted->speech_key);
  if (seat.leads) {
    workers_.submit(std::make_unique<SpeechJob>(*rooms_, flights_, seat.flight, wanted,
                                                !request.story_id.empty()));
  }
  const milliseconds hint(usual_ms_.load(std::memory_order_relaxed));
  Outcome outcome = seat.flight->wait(deadline_of(request, rooms_->config), request.stop, hint);
  if (seat.leads) usual_ms_ = std::clamp<std::int64_t>(watch.ms(), 50, 60'000);
  const bool shared = outcome.origin == Origin::synthesized && !seat.leads;
  return {std::move(outcome.entry.audio), std::move(outcome.entry.metadata),
          shared ? Origin::joined : outcome.origin};
}

std::optional<Speech> Core::lookup(const SpeechRequest& request) {
  const Stopwatch watch;
  const PlanPtr wanted = plan(request);
  auto speech = find(wanted);
  if (speech) count({request, wanted, &*speech, nullptr, watch.us()});
  return speech;
}

bool Core::would_hit(const SpeechRequest& request) { return find(plan(request)).has_value(); }

std::optional<Speech> Core::find(const PlanPtr& wanted) {
  if (auto hit = rooms_->tiers->get(wanted->speech_key, wanted->generation)) {
    return Speech{std::move(hit->entry.audio), std::move(hit->entry.metadata), hit->origin};
  }
  return derive(wanted);
}

// From the permanent store, on the caller's thread: it decodes and encodes, and never waits.
std::optional<Speech> Core::derive(const PlanPtr& wanted) {
  if (auto kept = rooms_->shelf->find_speech(wanted->speech_key)) {
    rooms_->tiers->put(*kept, wanted->generation);
    return Speech{std::move(kept->audio), std::move(kept->metadata), Origin::blob};
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
  return Speech{speech.audio, speech.metadata, Origin::blob};
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
  workers_.close(steady_clock::now() + drain);
  upkeep_.stop();
  rooms_->tiers->flush();
}

}  // namespace bhashatts::engine
