#include "engine/reading.h"

#include <utility>

#include "engine/assemble.h"

namespace bhashatts::engine {

Reading::Reading(Core& core, const SpeechRequest& request)
    : core_(core),
      on_stop_(request.stop, Relay{leaving_}),
      request_(request, leaving_.get_token()),
      course_(core, *request_) {
  send_for_page();
}

// Its utterances are then under way, all at once, in order.
void Reading::send_for_page() {
  page_.reset();
  if (!core_.rooms().data.read_only()) page_ = core_.depart(*request_, course_.plan());
  sent_ = true;
}

// Only before the first utterance, where another voice could still speak, it leaves that one time.
Patience Reading::patience() const {
  return {.until = place_ == 0 ? course_.turn_until() : course_.deadline(),
          .stop = request_->stop,
          .hint = core_.hint()};
}

// -- what both ways of waiting share

Core::Sought Reading::seek() {
  if (!sent_) send_for_page();
  return core_.seek(course_.plan(), place_);
}

std::optional<StreamedUtterance> Reading::take(const Maker::Made& made) {
  if (made.outcome == Maker::Outcome::changed) {
    course_.plan_again();
    return std::nullopt;
  }
  CacheEntry piece = piece_of(made.master, request_->format);
  const auto& utterances = course_.plan()->utterances;
  course_.spoke();
  const std::size_t number = place_++;
  return StreamedUtterance{.audio = std::move(piece.audio),
                           .metadata = std::move(piece.metadata),
                           .pause_after_ms = utterances[number].pause_after_ms,
                           .number = number,
                           .count = utterances.size(),
                           .synthesized = made.synthesized};
}

// Behind the last utterance, of a page that has landed.
void Reading::finish(Outcome page) {
  course_.arrived(core_.landed(*course_.plan(), *page_, std::move(page)));
}

// Before the first utterance another voice may take over; never within a page.
bool Reading::turn(const Error& error) {
  if (place_ > 0 || !course_.turn(error)) return false;
  sent_ = false;
  return true;
}

// -- with a thread that waits

std::optional<StreamedUtterance> Reading::next() {
  {
    MutexLock lock(mutex_);
    require_nothing_open();
  }
  const auto wait = [this](auto& flight) {
    const Patience most = patience();
    return flight.wait(most.until, most.stop, most.hint);
  };
  for (;;) {
    try {
      if (at_end()) {
        if (owes_page()) finish(wait(*page_->flight));
        return std::nullopt;
      }
      const Core::Sought sought = seek();
      if (auto piece = take(sought.flight ? wait(*sought.flight) : sought.made)) return piece;
    } catch (const Error& error) {
      if (!turn(error)) throw course_.failed(error);
    }
  }
}

// -- without one

void Reading::next_async(OnUtterance done) {
  OpenCalls::Call call;
  try {
    call = core_.open_calls().begin();
  } catch (const Error& closed) {
    return tell(done, {.utterance = std::nullopt, .error = closed});
  }
  open({std::move(done), std::move(call)});
  post(&Reading::look);
}

void Reading::post(void (Reading::*step)()) {
  try {
    core_.post([self = shared_from_this(), step](const Error* closed) {
      try {
        if (closed != nullptr) throw Error(*closed);
        (self.get()->*step)();
      } catch (...) {
        self->stumble(error_in_flight());
      }
    });
  } catch (...) {  // no memory, or no thread
    stumble(error_in_flight());
  }
}

template <typename Result>
void Reading::await(Flight<Result>& flight, void (Reading::*landed)()) {
  keep_vigil(core_.alarms(), flight, patience(),
             [self = shared_from_this(), landed](const Error* gave_up) {
               gave_up != nullptr ? self->stumble(*gave_up) : self->post(landed);
             });
}

void Reading::look() {
  for (;;) {
    if (at_end()) return owes_page() ? await(*page_->flight, &Reading::end) : answer({});
    Core::Sought sought = seek();
    if (sought.flight) {
      awaited_ = std::move(sought.flight);
      return await(*awaited_, &Reading::take_awaited);
    }
    if (auto piece = take(sought.made)) {
      return answer({.utterance = std::move(piece), .error = std::nullopt});
    }
  }
}

void Reading::take_awaited() {
  if (auto piece = take(awaited_->get())) {
    return answer({.utterance = std::move(piece), .error = std::nullopt});
  }
  look();
}

void Reading::end() {
  finish(page_->flight->get());
  answer({});
}

void Reading::stumble(const Error& error) noexcept {
  if (turn(error)) return post(&Reading::look);
  answer({.utterance = std::nullopt, .error = course_.failed(error)});
}

void Reading::require_nothing_open() {
  if (!open_) return;
  throw Error(ErrorCode::bad_request,
              "the stream's next utterance is being waited for; ask again when it was told");
}

void Reading::open(Reply<UtteranceResult> reply) {
  MutexLock lock(mutex_);
  require_nothing_open();
  open_ = std::move(reply);
}

Reply<UtteranceResult> Reading::take_reply() {
  MutexLock lock(mutex_);
  return std::exchange(open_, {});
}

// Once the reply is taken, the reading is its listener's again: `done` may ask for the next one.
void Reading::answer(UtteranceResult result) noexcept {
  awaited_.reset();
  if (auto reply = take_reply()) {
    reply(std::move(result));
  } else {
    course_.left();
  }
}

void Reading::leave() noexcept {
  auto reply = take_reply();
  leaving_.request_stop();
  if (!reply) return course_.left();
  reply({.utterance = std::nullopt,
         .error = Error(ErrorCode::cancelled, "the listener went away", true)});
}

}  // namespace bhashatts::engine
