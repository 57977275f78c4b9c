// Without it every pause of the breaker would end with some request that waits its full 50 ms for a
// server that is still away. It lives only while the breaker is open: a thread more for a server
// that is well would be one too many in each of a host's processes.
#include "redis/prober.h"

#include <exception>

#include "base/log.h"

namespace bhashatts::redis {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAfterPause{2};  // so as not to come just before its end

}  // namespace

Prober::~Prober() {
  std::thread thread;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    thread = std::move(thread_);
  }
  changed_.notify_all();
  if (thread.joinable()) thread.join();
}

// Where no thread can be had, the next call after the pause is the probe itself.
void Prober::start() noexcept {
  MutexLock lock(mutex_);
  if (running_ || stopping_) return;
  if (thread_.joinable()) thread_.join();  // it has ended: running_ was its last word
  try {
    thread_ = std::thread([this] { run(); });
    running_ = true;
  } catch (const std::exception&) {
  }
}

bool Prober::running() {
  MutexLock lock(mutex_);
  return running_;
}

bool Prober::wait(milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  MutexLock lock(mutex_);
  while (!stopping_ && changed_.wait_until(mutex_, until)) {
  }
  return !stopping_;
}

void Prober::attempt() {
  try {
    probe_();
    breaker_.succeeded();
    log(LogLevel::info, "redis", "Redis is back");
  } catch (const Error& error) {
    breaker_.failed(error);
  } catch (const std::exception& error) {
    breaker_.failed({ErrorCode::unreachable, error.what(), true});
  }
}

void Prober::run() {
  while (const auto trouble = breaker_.trouble()) {
    if (!wait(trouble->retry_after + kAfterPause)) break;
    if (!breaker_.ask()) attempt();
  }
  MutexLock lock(mutex_);
  running_ = false;
}

}  // namespace bhashatts::redis
