// The source of a stream: the utterances of a plan in order, while the page is made behind it.
//
// Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "bhashatts/stream.h"
#include "engine/core.h"

namespace bhashatts {

class SpeechStream::Source {
 public:
  // core outlives it. Raises 2xx and closed.
  Source(engine::Core& core, const SpeechRequest& request);
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  std::optional<StreamedUtterance> next();

 private:
  void begin();
  engine::Maker::Made await_next();
  StreamedUtterance piece_of(const engine::Maker::Made& made) const;
  void finish();
  void count(const Speech* speech, const Error* error);

  engine::Core& core_;
  // What the caller's views point at may be gone by the next utterance.
  const std::string text_, language_, voice_style_, user_id_, story_id_;
  SpeechRequest request_;
  const engine::Core::Deadline deadline_;
  const Stopwatch watch_;
  std::size_t voice_ = 0;
  engine::PlanPtr plan_;
  std::optional<engine::Core::Seat> page_;  // its flight; nothing where nothing can be made
  std::size_t place_ = 0;
  bool counted_ = false;
};

}  // namespace bhashatts
