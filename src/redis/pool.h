// Connections that nobody uses just now.
//
// Thread rule: any thread of the process that made it.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/mutex.h"
#include "redis/connection.h"

namespace bhashatts::redis {

class Pool {
 public:
  explicit Pool(std::size_t most) : most_(most) {}

  // One that is still open, the latest used first; null: there is none.
  std::unique_ptr<Connection> take();
  // Only after an exchange that went well.
  void give_back(std::unique_ptr<Connection> connection);
  // Lets all go: one of them failed, and the others lead to the same place.
  void clear();

 private:
  std::unique_ptr<Connection> pop();

  const std::size_t most_;
  Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::redis
