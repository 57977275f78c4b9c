// When a failed call is made again: a value, without a clock and without sleeping.
//
// Thread rule: a value.
#pragma once

#include <chrono>
#include <optional>

#include "bhashatts/error.h"

namespace bhashatts::net {

// Whether HTTP status `status` may go away by itself: 408, 429, 500, 502, 503, 504.
bool is_retryable_status(int status) noexcept;

struct RetryPolicy {
  int max_attempts = 3;  // the guide's
  // Exponential backoff with full jitter: before attempt n + 1 anything from 0 to
  // min(cap, base * 2^(n - 1)).
  std::chrono::milliseconds base{1'000};
  std::chrono::milliseconds cap{20'000};
  // What an upstream asks for (Error::retry_after) is obeyed up to here; who asks for more (a GPU
  // quota that is used up for hours) is not waited for at all. Headers are clamped to it before.
  std::chrono::milliseconds longest{60'000};
  // Whether a call that timed out, and may have been billed, is made again.
  bool repeat_timeouts = true;

  // How long to wait after `made` attempts (from 1), the last of which failed with `error`;
  // nothing: give up. left: until the deadline; a wait that would reach it is not begun. jitter: 0
  // to 1. A refusal by the gate (bad_audio) is followed at once: nobody asked for patience.
  std::optional<std::chrono::milliseconds> wait_after(int made, const Error& error,
                                                      std::chrono::milliseconds left,
                                                      double jitter) const;
};

}  // namespace bhashatts::net
