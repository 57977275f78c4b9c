#include "base/per_process.h"

#include <pthread.h>

namespace bhashatts {
namespace {

std::atomic<std::uint64_t> epoch{0};

// Runs in the child, which has one thread: nothing but async-signal-safe work here.
void count_fork() noexcept { epoch.fetch_add(1, std::memory_order_relaxed); }

[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, count_fork);

}  // namespace

std::uint64_t process_epoch() noexcept { return epoch.load(std::memory_order_relaxed); }

}  // namespace bhashatts
