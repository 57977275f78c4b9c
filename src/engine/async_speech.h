// One asynchronous request from its miss to its callback: what Core::synthesize() does, without a
// thread that waits.
//
// It keeps itself alive, by what it waits for. It moves from thread to thread but is never on two:
// each step is called by the end of the one before. On the threads where flights land it does no
// more than tell; what may plan, decode or ask a store far away is a task of the joiners.
//
// Thread rule: one step at a time.
#pragma once

#include <memory>

#include "bhashatts/async.h"
#include "engine/core.h"
#include "engine/course.h"
#include "engine/kept_request.h"
#include "engine/open_calls.h"

namespace bhashatts::engine {

class AsyncSpeech : public std::enable_shared_from_this<AsyncSpeech> {
 public:
  // begun: found nothing nearby.
  AsyncSpeech(Core& core, Course begun, Reply<SpeechResult> reply);

  void begin() noexcept;

 private:
  void post_look();
  void look();
  void fly();
  void landed(const Core::Seat& seat, const Stopwatch& flown);
  void stumble(const Error& error) noexcept;
  void fail(const Error& error) noexcept;
  void arrive(const Speech& speech) noexcept;

  Core& core_;
  Reply<SpeechResult> reply_;
  const KeptRequest request_;
  Course course_;
};

}  // namespace bhashatts::engine
