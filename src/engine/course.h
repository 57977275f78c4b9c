// A request on its way through the chain of voices, whichever way its caller waits: whose turn it
// is and for how long, what went wrong first, and that it is counted once.
//
// Each voice speaks the whole speech, under a key of its own, so that there are never two voices in
// one page and the first is asked again the next time.
//
// Thread rule: one thread at a time.
#pragma once

#include <optional>

#include "base/clock.h"
#include "engine/core.h"

namespace bhashatts::engine {

class Course {
 public:
  // Plans for the first voice; raises 2xx and closed. Both arguments outlive it.
  Course(Core& core, const SpeechRequest& request);
  // The same, over a copy of its request that lasts longer.
  Course(Course&& begun, const SpeechRequest& kept);

  const SpeechRequest& request() const { return *request_; }
  Core::Deadline deadline() const { return deadline_; }

  // Of the voice whose turn it is; plans when that is new, and raises as Core::plan then.
  const PlanPtr& plan();
  // As it is now, though the plan was made before.
  void plan_again() { plan_ = core_.rooms().planner(*plan_).plan_again(*plan_); }
  // How long that voice may take, while another could still speak.
  Core::Deadline turn_until() const;
  // That voice has failed with `error`: whether the next one may try, whose turn it then is.
  bool turn(const Error& error);

  // It was spoken, at least in part: what went wrong before is mended.
  void spoke() { first_.reset(); }
  // The end. What is told where no voice spoke is the first one's error: it is what there is to
  // mend.
  void arrived(const Speech& speech) { count(&speech, nullptr); }
  Error failed(const Error& last);
  void left();
  bool counted() const { return counted_; }

 private:
  bool is_last() const;
  void count(const Speech* speech, const Error* error);

  Core& core_;
  const Stopwatch watch_;
  const SpeechRequest* request_;
  PlanPtr plan_;  // of that voice, or yet of the one before
  const Core::Deadline deadline_;
  std::size_t voice_ = 0;  // whose turn it is
  std::optional<Error> first_;
  bool counted_ = false;
};

}  // namespace bhashatts::engine
