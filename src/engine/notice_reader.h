// Looks for other hosts' notices, on a thread of its own: a store that is slow or away must hold up
// nothing else. One process of a host does it, for as long as it lives.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <optional>
#include <thread>

#include "base/lock_file.h"
#include "base/mutex.h"
#include "engine/notices.h"

namespace bhashatts::engine {

class NoticeReader {
 public:
  explicit NoticeReader(Rooms& rooms) : rooms_(rooms), notices_(rooms) {}
  ~NoticeReader() { stop(); }
  NoticeReader(const NoticeReader&) = delete;
  NoticeReader& operator=(const NoticeReader&) = delete;

  // Does nothing where no other host can be.
  void start();
  // Obeys what is new now, whenever that was done last, unless another process of the host does.
  void obey() EXCLUDES(work_);
  // Waits for a question to the store that is under way. Idempotent.
  void stop() EXCLUDES(mutex_);

 private:
  void run();
  bool wait() EXCLUDES(mutex_);

  Rooms& rooms_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  Mutex work_;
  Notices notices_ GUARDED_BY(work_);
  std::optional<LockFile::Lock> lead_ GUARDED_BY(work_);
  std::thread thread_;
};

}  // namespace bhashatts::engine
