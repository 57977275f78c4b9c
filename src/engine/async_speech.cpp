#include "engine/async_speech.h"

#include <utility>

#include "engine/task.h"
#include "engine/vigil.h"

namespace bhashatts::engine {

AsyncSpeech::AsyncSpeech(Core& core, Course begun, Reply<SpeechResult> reply)
    : core_(core),
      reply_(std::move(reply)),
      request_(begun.request()),
      course_(std::move(begun), *request_) {}

void AsyncSpeech::begin() noexcept {
  try {
    core_.rooms().data.read_only() ? post_look() : fly();
  } catch (...) {
    stumble(error_in_flight());
  }
}

void AsyncSpeech::post_look() {
  core_.post([self = shared_from_this()](const Error* closed) {
    if (closed != nullptr) return self->fail(*closed);
    try {
      self->look();
    } catch (...) {
      self->stumble(error_in_flight());
    }
  });
}

void AsyncSpeech::look() {
  if (const auto there = core_.ready(course_.plan())) return arrive(*there);
  fly();
}

void AsyncSpeech::fly() {
  const Stopwatch flown;
  const Core::Seat seat = core_.depart(course_.request(), course_.plan());
  keep_vigil(core_.alarms(), *seat.flight,
             {.until = course_.turn_until(), .stop = course_.request().stop, .hint = core_.hint()},
             [self = shared_from_this(), seat, flown](const Error* gave_up) {
               gave_up != nullptr ? self->stumble(*gave_up) : self->landed(seat, flown);
             });
}

void AsyncSpeech::landed(const Core::Seat& seat, const Stopwatch& flown) {
  try {
    Outcome outcome = seat.flight->get();
    core_.note_flight(seat, flown);
    arrive(core_.landed(*course_.plan(), seat, std::move(outcome)));
  } catch (...) {
    stumble(error_in_flight());
  }
}

// The next voice's turn begins on a joining thread.
void AsyncSpeech::stumble(const Error& error) noexcept {
  try {
    if (course_.turn(error)) return post_look();
  } catch (...) {  // no memory for another voice
  }
  fail(error);
}

void AsyncSpeech::fail(const Error& error) noexcept {
  reply_({.speech = std::nullopt, .error = course_.failed(error)});
}

void AsyncSpeech::arrive(const Speech& speech) noexcept {
  course_.arrived(speech);
  reply_({.speech = speech, .error = std::nullopt});
}

}  // namespace bhashatts::engine
