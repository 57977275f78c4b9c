#include "engine/speech_job.h"

#include <algorithm>
#include <utility>

#include "engine/assemble.h"
#include "engine/recording.h"

namespace bhashatts::engine {

class SpeechWork::Step final : public Job {
 public:
  explicit Step(std::shared_ptr<SpeechWork> work) : work_(std::move(work)) {}
  Later run(const std::stop_token& /*stop*/) noexcept override {
    try {
      return work_->step();
    } catch (...) {
      work_->fail(error_in_flight());
      return std::nullopt;
    }
  }
  void abandon() noexcept override { work_->abandon(); }

 private:
  std::shared_ptr<SpeechWork> work_;
};

SpeechWork::SpeechWork(Rooms& rooms, Crew& crew, std::shared_ptr<Flight<Outcome>> flight,
                       PlanPtr plan, bool page)
    : rooms_(rooms),
      crew_(crew),
      flight_(std::move(flight)),
      flight_key_(plan->speech_key),
      plan_(std::move(plan)),
      page_(page) {}

// Where an utterance has failed already, that is what the caller is to hear.
void SpeechWork::abandon() noexcept {
  try {
    if (flying_ == 0) collected();
    fail(Error(ErrorCode::closed, "the engine was closed before this speech was made", true));
  } catch (...) {
    fail(error_in_flight());
  }
}

// Called also where a flight lands, which must not raise.
void SpeechWork::begin() noexcept {
  try {
    crew_.joiners.submit(std::make_unique<Step>(shared_from_this()));
  } catch (...) {  // no memory, or no thread
    fail(error_in_flight());
  }
}

SpeechWork::Later SpeechWork::step() {
  if (!utterances_.empty()) return join();
  if (plan_->generation != rooms_.generation->read()) {
    plan_ = rooms_.planner(*plan_).plan_again(*plan_);
  }
  if (!found_ready() && !found_whole()) send_for_utterances();
  return std::nullopt;
}

bool SpeechWork::found_whole() {
  auto whole = Maker(rooms_).whole_plan(*plan_);
  if (!whole) return false;
  plan_ = std::move(whole);
  return found_ready();
}

// Another process may have been faster.
bool SpeechWork::found_ready() {
  if (auto hit = rooms_.tiers->get(plan_->speech_key, plan_->generation)) {
    land(std::move(hit->entry), wait_.waited() ? Origin::joined : hit->origin);
    return true;
  }
  if (auto kept = rooms_.shelf->find_speech(plan_->speech_key)) {
    rooms_.tiers->put(*kept, plan_->generation);
    land(std::move(*kept), wait_.waited() ? Origin::joined : Origin::blob);
    return true;
  }
  return false;
}

// One more than there are is counted down at the end, so that none that lands meanwhile can be the
// last before all were sent for.
void SpeechWork::send_for_utterances() {
  const std::size_t count = plan_->utterances.size();
  flying_ = count + 1;
  utterances_.clear();
  for (std::size_t place = 0; place < count; ++place) send_for(place);
  for (const auto& flight : utterances_) {
    flight->when_landed([self = shared_from_this()] { self->one_landed(); });
  }
  one_landed();
}

void SpeechWork::send_for(std::size_t place) {
  const auto seat = crew_.utterances.join(plan_->utterances[place].key);
  utterances_.push_back(seat.flight);
  if (!seat.leads) return;
  crew_.of(*plan_).submit(std::make_unique<UtteranceJob>(
      rooms_, crew_.utterances, seat.flight, plan_, place,
      plan_->utterances.size() == 1 ? speech_of_alone() : Maker::SpeechOf{}));
}

// A speech of one utterance is committed together with its master: one commit instead of two.
Maker::SpeechOf SpeechWork::speech_of_alone() {
  return [self = shared_from_this()](const Master& master) -> std::optional<catalog::SpeechEntry> {
    self->committed_ = assemble(self->plan_->speech_key, self->plan_->format, {&master, 1}, {});
    return speech_record(self->rooms_, *self->plan_, *self->committed_, self->page_);
  };
}

void SpeechWork::one_landed() {
  if (flying_.fetch_sub(1) == 1) begin();
}

std::vector<Maker::Made> SpeechWork::collected() const {
  std::vector<Maker::Made> made;
  made.reserve(utterances_.size());
  for (const auto& flight : utterances_) made.push_back(flight->get());
  return made;
}

SpeechWork::Later SpeechWork::join() {
  const auto made = collected();
  const auto is = [&](auto member) { return std::ranges::any_of(made, member); };
  if (is([](const auto& one) { return one.outcome == Maker::Outcome::changed; })) {
    utterances_.clear();
    committed_.reset();
    return wait_.next();
  }
  const auto lock = rooms_.locks->try_lock(std::hash<Key>{}(plan_->speech_key));
  if (!lock) return wait_.next();
  if (!committed_ && found_ready()) return std::nullopt;
  const CacheEntry speech = speech_of(made);
  const bool kept = !is([](const auto& one) { return !one.kept; });
  if (!committed_ && kept) record_derived(rooms_, *plan_, speech, page_);
  rooms_.tiers->put(speech, plan_->generation);
  const bool synthesized = is([](const auto& one) { return one.synthesized; });
  land(speech, synthesized ? Origin::synthesized : wait_.waited() ? Origin::joined : Origin::blob);
  return std::nullopt;
}

CacheEntry SpeechWork::speech_of(const std::vector<Maker::Made>& made) const {
  if (committed_) return *committed_;
  std::vector<Master> masters;
  masters.reserve(made.size());
  for (const Maker::Made& one : made) masters.push_back(one.master);
  return assemble(plan_->speech_key, plan_->format, masters, pauses_of(*plan_));
}

void SpeechWork::land(CacheEntry speech, Origin origin) {
  crew_.speeches.leave(flight_key_);
  flight_->complete({std::move(speech), origin});
}

void SpeechWork::fail(const Error& error) noexcept {
  crew_.speeches.leave(flight_key_);
  flight_->fail(error);
}

}  // namespace bhashatts::engine
