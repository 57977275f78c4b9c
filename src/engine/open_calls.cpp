#include "engine/open_calls.h"

#include "bhashatts/error.h"

namespace bhashatts::engine {

OpenCalls::Call OpenCalls::begin() {
  MutexLock lock(mutex_);
  if (closed_) throw Error(ErrorCode::closed, "the engine was closed");
  ++open_;
  return Call(this);
}

void OpenCalls::close() {
  MutexLock lock(mutex_);
  closed_ = true;
  while (open_ > 0) ended_.wait(mutex_);
}

// Notifies under the lock: whoever waits may destroy this as soon as it has it.
void OpenCalls::end() {
  MutexLock lock(mutex_);
  --open_;
  ended_.notify_all();
}

}  // namespace bhashatts::engine
