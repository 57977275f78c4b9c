#include "net/retry.h"

#include <algorithm>

namespace bhashatts::net {
namespace {

using std::chrono::milliseconds;

// min(cap, base * 2^doublings), without overflow for any number of doublings.
milliseconds backoff(milliseconds base, milliseconds cap, int doublings) {
  milliseconds wait = std::max(base, milliseconds(0));
  for (int i = 0; i < doublings && wait.count() > 0 && wait < cap; ++i) wait *= 2;
  return std::min(wait, cap);
}

milliseconds scaled(milliseconds wait, double jitter) {
  const double part = jitter > 0 ? std::min(jitter, 1.0) : 0.0;  // also for what is no number
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(wait.count()) * part));
}

}  // namespace

bool is_retryable_status(int status) noexcept {
  switch (status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504: return true;
    default: return false;
  }
}

std::optional<milliseconds> RetryPolicy::wait_after(int made, const Error& error, milliseconds left,
                                                    double jitter) const {
  if (made >= max_attempts || !error.retryable()) return std::nullopt;
  if (error.retry_after() > longest) return std::nullopt;
  if (error.code() == ErrorCode::upstream_timeout && !repeat_timeouts) return std::nullopt;
  milliseconds wait{0};
  if (error.retry_after() > wait) {
    wait = error.retry_after();
  } else if (error.code() != ErrorCode::bad_audio) {
    wait = scaled(backoff(base, cap, made - 1), jitter);
  }
  if (wait >= left) return std::nullopt;
  return wait;
}

}  // namespace bhashatts::net
