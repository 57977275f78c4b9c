#include "engine/notice_reader.h"

#include <exception>
#include <string>

#include "base/inside.h"
#include "base/log.h"

namespace bhashatts::engine {
namespace {

// Offset in the lock file; beside upkeep.cpp's and open_store.cpp's.
constexpr std::uint64_t kNoticesLock = 3;

}  // namespace

void NoticeReader::start() {
  if (rooms_.data.read_only() || rooms_.store_is_local) return;
  thread_ = std::thread([this] { run(); });
}

void NoticeReader::run() {
  do {
    obey();
  } while (wait());
}

bool NoticeReader::wait() {
  const auto until = std::chrono::steady_clock::now() + Notices::kEvery;
  MutexLock lock(mutex_);
  while (!stopping_) {
    if (!changed_.wait_until(mutex_, until)) break;
  }
  return !stopping_;
}

void NoticeReader::obey() {
  if (rooms_.data.read_only() || rooms_.store_is_local) return;
  if (Inside::of(this)) return;  // a store of the host's, which is being read, asks the engine
  MutexLock lock(work_);
  const Inside inside(this);
  try {
    if (!lead_) lead_ = rooms_.locks->try_lock(kNoticesLock);
    if (lead_) notices_.obey();
  } catch (const std::exception& error) {
    log(LogLevel::warning, "notices", std::string("other hosts' notices: ") + error.what());
  }
}

void NoticeReader::stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  MutexLock lock(work_);
  lead_.reset();
}

}  // namespace bhashatts::engine
