// Asynchronous calls that are not answered yet: when the engine is closed, all were.
//
// That every flight lands before the workers are closed is not enough: one that a closing pool
// refuses lands on the thread of whoever asked, and calls on it those who had joined.
//
// Thread rule: OpenCalls: any thread. Reply: one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "base/log.h"
#include "base/mutex.h"

namespace bhashatts::engine {

class OpenCalls {
  struct End {
    void operator()(OpenCalls* calls) const { calls->end(); }
  };

 public:
  using Call = std::unique_ptr<OpenCalls, End>;

  // Raises closed.
  Call begin() EXCLUDES(mutex_);
  // Takes no more, and waits for the end of those there are.
  void close() EXCLUDES(mutex_);

 private:
  void end() EXCLUDES(mutex_);

  Mutex mutex_;
  CondVar ended_;
  std::int64_t open_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
};

// What a host's callback raises stays here: there is nobody to tell but the log.
template <typename Result>
void tell(const std::function<void(Result)>& done, Result result) noexcept {
  try {
    done(std::move(result));
  } catch (...) {
    log(LogLevel::error, "async", "a callback raised, which it must not; what it raised is lost");
  }
}

// Whom to tell how a call ended. The callback is destroyed before the call counts as ended.
template <typename Result>
class Reply {
 public:
  Reply() = default;  // nobody
  Reply(std::function<void(Result)> done, OpenCalls::Call call)
      : call_(std::move(call)), done_(std::move(done)) {}

  explicit operator bool() const { return call_ != nullptr; }
  // Once.
  void operator()(Result result) noexcept {
    tell(done_, std::move(result));
    done_ = nullptr;
    call_.reset();
  }

 private:
  OpenCalls::Call call_;
  std::function<void(Result)> done_;
};

}  // namespace bhashatts::engine
