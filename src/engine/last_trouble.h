// What went wrong last, until it went well again.
//
// Thread rule: any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/mutex.h"

namespace bhashatts::engine {

class LastTrouble {
 public:
  void note(std::string what) {
    MutexLock lock(mutex_);
    what_ = std::move(what);
  }
  void went_well() {
    MutexLock lock(mutex_);
    what_.reset();
  }
  std::optional<std::string> look() const {
    MutexLock lock(mutex_);
    return what_;
  }

 private:
  mutable Mutex mutex_;
  std::optional<std::string> what_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::engine
