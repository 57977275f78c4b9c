// One lease at a time and without the lock: a renewal is one round trip, and where Redis is away
// the breaker refuses at once. A lease dropped while it is being renewed is only renewed if it is
// still there, so a renewal never brings back what was released.
#include "redis/lease_keeper.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "base/log.h"

namespace bhashatts::redis {
namespace {

constexpr std::string_view kRenew = R"(
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0)";

}  // namespace

LeaseKeeper::~LeaseKeeper() {
  std::thread thread;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    thread = std::move(thread_);
  }
  changed_.notify_all();
  if (thread.joinable()) thread.join();
}

std::uint64_t LeaseKeeper::keep(LeaseName lease) {
  MutexLock lock(mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  kept_.emplace(++numbers_, Kept{std::move(lease), next_due()});
  changed_.notify_all();
  return numbers_;
}

void LeaseKeeper::drop(std::uint64_t number) noexcept {
  MutexLock lock(mutex_);
  kept_.erase(number);
}

LeaseKeeper::Leases::iterator LeaseKeeper::first_due() {
  return std::min_element(kept_.begin(), kept_.end(), [](const auto& one, const auto& other) {
    return one.second.due < other.second.due;
  });
}

// Whether Redis says that it is no longer ours; where it says nothing, it may be.
bool LeaseKeeper::lost(const LeaseName& lease) noexcept {
  try {
    const std::array keys{lease.key};
    const std::array arguments{lease.token, std::to_string(lifetime_.count())};
    const Reply reply = redis_.eval(kRenew, keys, arguments);
    return reply.kind == Reply::Kind::integer && reply.integer == 0;
  } catch (const std::exception&) {
    return false;  // the breaker's trouble is told elsewhere
  }
}

std::optional<std::pair<std::uint64_t, LeaseName>> LeaseKeeper::wait_for_due() {
  MutexLock lock(mutex_);
  while (!stopping_) {
    const auto first = first_due();
    if (first == kept_.end()) {
      changed_.wait(mutex_);
    } else if (const Time due = first->second.due; due > std::chrono::steady_clock::now()) {
      changed_.wait_until(mutex_, due);
    } else {
      first->second.due = next_due();
      return std::pair(first->first, first->second.lease);
    }
  }
  return std::nullopt;
}

void LeaseKeeper::run() {
  while (const auto due = wait_for_due()) {
    if (!lost(due->second)) continue;
    drop(due->first);
    log(LogLevel::warning, "redis.lease",
        "a lease was lost while its work went on; another host may pay for the same speech");
  }
}

}  // namespace bhashatts::redis
