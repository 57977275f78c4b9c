// A page on its way to one listener: its utterances in order, while it is made behind them. The
// listener waits for each with a thread (next) or without (next_async).
//
// Without a thread, one call at a time goes from thread to thread, and all that it touches is its
// own. Looking and encoding are tasks of the joiners: neither an event loop nor a landing waits for
// them. A listener who goes away meanwhile takes only the reply; the call finds that out, and
// counts the listener as gone.
//
// Thread rule: one thread at a time; leave() also while a call is open.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "base/mutex.h"
#include "bhashatts/async.h"
#include "engine/core.h"
#include "engine/course.h"
#include "engine/kept_request.h"
#include "engine/open_calls.h"
#include "engine/vigil.h"

namespace bhashatts::engine {

class Reading : public std::enable_shared_from_this<Reading> {
 public:
  // Sends for the page. core outlives it. Raises 2xx and closed.
  Reading(Core& core, const SpeechRequest& request);
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  // Both raise bad_request while another call is open.
  std::optional<StreamedUtterance> next() EXCLUDES(mutex_);
  void next_async(OnUtterance done) EXCLUDES(mutex_);
  // The listener goes away: what is open is told so, what was begun goes on.
  void leave() noexcept EXCLUDES(mutex_);

 private:
  bool at_end() { return place_ == course_.plan()->utterances.size(); }
  // Whether the page has still to be joined before the reading counts as done.
  bool owes_page() const { return page_ && !course_.counted(); }
  Patience patience() const;
  void send_for_page();
  Core::Sought seek();
  // Nothing: it was planned anew, look again.
  std::optional<StreamedUtterance> take(const Maker::Made& made);
  void finish(Outcome page);
  bool turn(const Error& error);

  void post(void (Reading::*step)());
  template <typename Result>
  void await(Flight<Result>& flight, void (Reading::*landed)());
  void look();
  void take_awaited();
  void end();
  void stumble(const Error& error) noexcept;
  void require_nothing_open() REQUIRES(mutex_);
  void open(Reply<UtteranceResult> reply) EXCLUDES(mutex_);
  Reply<UtteranceResult> take_reply() EXCLUDES(mutex_);
  void answer(UtteranceResult result) noexcept;

  struct Relay {
    std::stop_source& to;
    void operator()() const { to.request_stop(); }
  };

  Core& core_;
  std::stop_source leaving_;  // the caller's stop, or the end of the stream
  const std::stop_callback<Relay> on_stop_;
  const KeptRequest request_;
  Course course_;
  bool sent_ = false;               // for the page, in the voice whose turn it is
  std::optional<Core::Seat> page_;  // its flight; nothing where nothing can be made
  std::size_t place_ = 0;
  std::shared_ptr<Flight<Maker::Made>> awaited_;  // by the call that is open
  Mutex mutex_;
  Reply<UtteranceResult> open_ GUARDED_BY(mutex_);  // to the call that is open
};

}  // namespace bhashatts::engine
