// What a callback was told, how often, and on which thread.
//
// Thread rule: any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "bhashatts/async.h"

namespace bhashatts::testing {

template <typename Result>
class Heard {
 public:
  // To be handed out, once or often; may outlive this.
  std::function<void(Result)> ear() const {
    return [told = told_](Result result) {
      const std::lock_guard lock(told->mutex);
      ++told->times;
      told->last = std::move(result);
      told->thread = std::this_thread::get_id();
      told->changed.notify_all();
    };
  }
  // Waits until it was called so often. The last result.
  Result await(int times = 1) const {
    std::unique_lock lock(told_->mutex);
    told_->changed.wait(lock, [&] { return told_->times >= times; });
    return *told_->last;
  }
  ErrorCode await_code(int times = 1) const {
    const Result result = await(times);
    return result.error ? result.error->code() : ErrorCode::ok;
  }
  int times() const {
    const std::lock_guard lock(told_->mutex);
    return told_->times;
  }
  std::thread::id thread() const {
    const std::lock_guard lock(told_->mutex);
    return told_->thread;
  }

 private:
  struct Told {
    std::mutex mutex;
    std::condition_variable changed;
    int times = 0;
    std::optional<Result> last;
    std::thread::id thread;
  };
  std::shared_ptr<Told> told_ = std::make_shared<Told>();
};

using HeardSpeech = Heard<SpeechResult>;
using HeardUtterance = Heard<UtteranceResult>;

}  // namespace bhashatts::testing
