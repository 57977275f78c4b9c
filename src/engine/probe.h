// How the voices stand, asked at most every 30 s: a status page must not become load on the
// upstream, nor wait ten seconds for each of its viewers.
//
// Thread rule: any thread; who asks while another is asking waits for the answer.
#pragma once

#include <chrono>
#include <map>

#include "base/mutex.h"
#include "base/waiter.h"
#include "engine/voice.h"

namespace bhashatts::engine {

class Probe {
 public:
  explicit Probe(const Waiter& clock = real_waiter()) : clock_(clock) {}

  // An open breaker knows more than a probe: that a server answers does not give back its credits.
  SynthesizerStatus look(const Voice& voice);

 private:
  struct Known {
    std::chrono::steady_clock::time_point at;
    SynthesizerStatus status;
  };
  SynthesizerStatus asked(const Voice& voice);

  const Waiter& clock_;
  Mutex mutex_;
  std::map<const Synthesizer*, Known> known_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::engine
