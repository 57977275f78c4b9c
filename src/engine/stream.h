// What a SpeechStream holds: the reading, which may outlive it by a call that is still open.
//
// Thread rule: one thread at a time. In a forked child it is refused, and left as it is.
#pragma once

#include <memory>
#include <optional>

#include "base/per_process.h"
#include "bhashatts/stream.h"
#include "engine/reading.h"

namespace bhashatts {

class SpeechStream::Source {
 public:
  // core outlives it. Raises 2xx and closed.
  Source(engine::Core& core, const SpeechRequest& request)
      : reading_(std::make_shared<engine::Reading>(core, request)) {}
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // Raises bad_request in a forked child.
  engine::Reading& reading() const;

 private:
  const std::uint64_t epoch_ = process_epoch();
  std::shared_ptr<engine::Reading> reading_;
};

}  // namespace bhashatts
