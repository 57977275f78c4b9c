// Everything that can go wrong, as one exception type with a frozen number.
//
// Thread rule: an Error is an immutable value; copies may be used from any thread.
// Messages are fit for logs and for showing to a person: they say what to do next and never hold a
// token, a URL or the text of a page. What helps to find a fault (an upstream's status, its own
// words, request ids) stands in detail(), which is for logs only and holds no token either.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bhashatts/export.h"

namespace bhashatts {

// Frozen numbers, by family, with gaps; C, Go, Rust and Python use the same ones. A number is never
// given to another meaning. The family decides the exit status of the command line:
// 2xx -> 2, 3xx -> 3, 4xx -> 4, 5xx -> 5, others -> 1, but not_supported -> 2, cancelled -> 130.
enum class ErrorCode : int {
  ok = 0,
  // 1xx: the engine itself.
  internal = 100,       // a defect of ours; please report it
  out_of_memory = 101,  //
  not_supported = 102,  // a known option that this version does not carry out
  closed = 103,         // the engine was closed
  cancelled = 104,      // the caller asked to stop; paid work went on
  plugin_failed = 105,  // a plug-in raised something that is not an Error
  // 2xx: what the caller sent.
  bad_request = 200,       //
  text_empty = 201,        // nothing to speak after normalisation
  text_too_long = 202,     // over 5,000 code points or 20,000 bytes
  text_not_utf8 = 203,     // invalid UTF-8: bad bytes, overlong forms, surrogates
  text_control = 204,      // a control character that is no line break or tab, NUL among them
  language_unknown = 205,  //
  voice_style_unknown = 206,
  format_unknown = 207,   //
  config_invalid = 208,   // an unknown or malformed setting; the message names it
  stories_invalid = 209,  // the stories file; the message names the line
  // 3xx: not there.
  not_found = 300,
  // 4xx: the synthesizer.
  not_configured = 400,     // a token, program or voice is missing; the message says which
  unauthorized = 401,       // the token was refused
  rate_limited = 402,       //
  model_loading = 403,      //
  model_not_served = 404,   //
  endpoint_paused = 405,    //
  upstream_rejected = 406,  // the upstream refused this text; asking again will not help
  upstream_failed = 407,    //
  unreachable = 408,        //
  upstream_timeout = 409,   // one synthesis took longer than its deadline
  bad_audio = 410,          // what came back is no complete speech; it was not kept
  deadline_exceeded = 411,  // this caller's time is up; the work goes on: ask again
  // 5xx: money.
  credits_exhausted = 500,
  budget_exhausted = 501,
  // 6xx: keeping audio.
  storage_failed = 600,       // the disk or the store answered with an error
  storage_full = 601,         // no room: no new work is paid for, hits go on
  storage_read_only = 602,    // hits go on, nothing new is made
  storage_newer = 603,        // the data directory was written by a newer version
  storage_wrong_owner = 604,  // the data directory belongs to another user
  storage_network = 605,      // a network file system cannot hold the data directory
  storage_damaged = 606,      //
};

// The stable lower-case name of a code ("text_too_long"), for logs, JSON and metrics.
// Valid for the life of the program. An unknown number gives "internal".
BHASHATTS_API std::string_view name(ErrorCode code) noexcept;

class BHASHATTS_API Error : public std::exception {
 public:
  // message: one line, says what to do. retryable: whether the same call may succeed later.
  // retry_after: when it makes sense to ask again; zero where that is not known.
  Error(ErrorCode code, std::string message, bool retryable = false,
        std::chrono::milliseconds retry_after = std::chrono::milliseconds{0});

  ErrorCode code() const noexcept { return code_; }
  const char* what() const noexcept override { return message_.c_str(); }
  bool retryable() const noexcept { return retryable_; }
  std::chrono::milliseconds retry_after() const noexcept { return retry_after_; }

  // What a failed synthesis cost all the same, in micro-dollars; 0 elsewhere.
  std::int64_t cost_micro_usd() const noexcept { return cost_micro_usd_; }
  Error costing(std::int64_t micro_usd) && {
    cost_micro_usd_ = micro_usd;
    return std::move(*this);
  }

  // What a part of the host's own raised, for the host: its own exception, say. Null elsewhere.
  // Copies of the error share it, on whatever thread.
  const std::shared_ptr<const void>& cause() const noexcept { return cause_; }
  Error caused_by(std::shared_ptr<const void> cause) && {
    cause_ = std::move(cause);
    return std::move(*this);
  }

  // False where nothing was asked of the upstream, because calls before had failed.
  bool tried() const noexcept { return tried_; }
  Error untried() && {
    tried_ = false;
    return std::move(*this);
  }

  // One line for logs, secrets taken out: HTTP status, request ids, what the upstream said. Often
  // empty.
  const std::string& detail() const noexcept { return detail_; }
  Error detailed(std::string detail) && {
    detail_ = std::move(detail);
    return std::move(*this);
  }

 private:
  ErrorCode code_;
  std::string message_;
  bool retryable_;
  std::chrono::milliseconds retry_after_;
  std::int64_t cost_micro_usd_ = 0;
  std::string detail_;
  std::shared_ptr<const void> cause_;
  bool tried_ = true;
};

}  // namespace bhashatts
