// This thread's last failure (rule R2), in buffers that are there before anything fails.
//
// Thread rule: each thread has its own.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "bhashatts/c.h"

namespace bhashatts::c {

using Line = std::array<char, 1024>;

struct Failure {
  bhashatts_status status = BHASHATTS_OK;
  std::int32_t retryable = 0;
  std::int64_t retry_after_ms = 0;
  std::int64_t cost_micro_usd = 0;
  Line message{};
  Line detail{};
};

Failure& last_error() noexcept;
// What the plug-in's member that is running said by bhashatts_fail; status 0: nothing. Apart from
// the last error, which a call that succeeds all the same must leave as it is.
Failure& member_failure() noexcept;

// As one line of UTF-8, cut to what fits, never within a character; NUL-terminated.
void copy(Line& to, std::string_view text) noexcept;

// In a catch block: keeps what was caught, and says its status.
bhashatts_status keep_current_exception() noexcept;

}  // namespace bhashatts::c
