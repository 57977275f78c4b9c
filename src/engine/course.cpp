#include "engine/course.h"

#include <utility>

namespace bhashatts::engine {
namespace {

using std::chrono::steady_clock;

// What another voice may help against: the upstream's troubles and the money's, not the caller's.
// A text that one voice refuses may be spoken by the next.
bool may_fall_back(const Error& error) {
  const int family = static_cast<int>(error.code()) / 100;
  return family == 4 || family == 5 || error.code() == ErrorCode::plugin_failed;
}

}  // namespace

Course::Course(Core& core, const SpeechRequest& request)
    : core_(core),
      request_(&request),
      plan_(core.plan(request, core.rooms().voice())),
      deadline_(core.deadline_of(request)) {}

Course::Course(Course&& begun, const SpeechRequest& kept) : Course(std::move(begun)) {
  request_ = &kept;
}

bool Course::is_last() const {
  return !request_->allow_fallback || voice_ + 1 == core_.rooms().voices.size();
}

// Two thirds of the time, so that a voice that hangs leaves the next one some.
Core::Deadline Course::turn_until() const {
  if (is_last()) return deadline_;
  const auto now = steady_clock::now();
  return deadline_ > now ? now + (deadline_ - now) / 3 * 2 : deadline_;
}

const PlanPtr& Course::plan() {
  if (plan_->voice != voice_) plan_ = core_.plan(*request_, core_.rooms().voices[voice_]);
  return plan_;
}

bool Course::turn(const Error& error) {
  if (!first_) first_ = error;
  if (is_last() || !may_fall_back(error) || steady_clock::now() >= deadline_) return false;
  ++voice_;
  return true;
}

Error Course::failed(const Error& last) {
  Error told = first_.value_or(last);
  first_.reset();
  count(nullptr, &told);
  return told;
}

void Course::left() {
  const Error left(ErrorCode::cancelled, "the listener went away");
  count(nullptr, &left);
}

void Course::count(const Speech* speech, const Error* error) {
  if (std::exchange(counted_, true)) return;
  core_.count({*request_, plan_, speech, error, watch_.us()});
}

}  // namespace bhashatts::engine
