#include "engine/probe.h"

#include <string>

#include "base/inside.h"

namespace bhashatts::engine {
namespace {

constexpr std::chrono::seconds kFresh{30};

SynthesizerState state_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::credits_exhausted: return SynthesizerState::no_credits;
    case ErrorCode::unauthorized: return SynthesizerState::unauthorized;
    case ErrorCode::model_not_served: return SynthesizerState::not_served;
    case ErrorCode::unreachable: return SynthesizerState::unreachable;
    case ErrorCode::model_loading: return SynthesizerState::loading;
    default: return SynthesizerState::unavailable;
  }
}

std::string_view remedy(ErrorCode code) {
  switch (code) {
    case ErrorCode::credits_exhausted: return "add credits, or wait for the month to end";
    case ErrorCode::unauthorized: return "set a token that may use it";
    case ErrorCode::model_not_served: return "use an endpoint, a Space or a server of your own";
    case ErrorCode::endpoint_paused: return "resume the endpoint";
    case ErrorCode::bad_audio: return "check the settings of its answers' shape";
    default: return "see the log";
  }
}

SynthesizerStatus with(SynthesizerStatus status, const net::Breaker::Refusal& refusal) {
  status.state = state_of(refusal.code);
  status.message = std::string(name(refusal.code)) + ": " + std::string(remedy(refusal.code)) +
                   (refusal.retry_after.count() > 0
                        ? "; no call is made for " +
                              std::to_string((refusal.retry_after.count() + 999) / 1000) + " s"
                        : "; the next call tries again");
  if (status.state == SynthesizerState::loading) status.ready_in = refusal.retry_after;
  return status;
}

}  // namespace

SynthesizerStatus Probe::look(const Voice& voice) {
  SynthesizerStatus status = asked(voice);
  if (!voice.breaker) return status;
  if (const auto trouble = voice.breaker->trouble()) return with(std::move(status), *trouble);
  return status;
}

SynthesizerStatus Probe::asked(const Voice& voice) {
  // A voice that asks the engine how it stands, to say how it stands itself, gets no answer from
  // us.
  if (Inside::of(this)) return {.state = SynthesizerState::loading, .message = "it is being asked"};
  MutexLock lock(mutex_);
  const Inside inside(this);
  const auto known = known_.find(voice.synthesizer.get());
  if (known != known_.end() && clock_.now() - known->second.at < kFresh) {
    return known->second.status;
  }
  Known fresh{clock_.now(), voice.synthesizer->status()};
  known_.insert_or_assign(voice.synthesizer.get(), fresh);
  return fresh.status;
}

}  // namespace bhashatts::engine
