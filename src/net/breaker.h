// A circuit breaker for one upstream, shared by all processes of a host: what one process learned
// (no credits, a refused token, a dead server) the others need not pay or wait to learn.
//
// It is three atomic numbers in a mapped file: failures in a row, the code that opened it, and when
// the next try may be made (Unix ms; 0: closed). Whoever moves that time forward from the past by
// compare-and-swap is the probe, and no other gets through until the probe reports or its lease is
// over, so that a probe that dies costs one lease. A lock held over a call would not survive a fork
// and would block; this never waits.
//
// Thread rule: any thread, any process. After fork the child may go on using it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "bhashatts/error.h"

namespace bhashatts::net {

struct BreakerPolicy {
  int failures_to_open = 10;                     // in a row
  std::chrono::milliseconds first_pause{5'000};  // after so many failures; doubles to
  std::chrono::milliseconds longest_pause{300'000};
  std::chrono::milliseconds account_pause{60'000};  // after credits_exhausted, unauthorized,
                                                    // model_not_served, endpoint_paused
  std::chrono::milliseconds probe_lease{180'000};   // longer than an attempt may take
};

class Breaker {
 public:
  using UnixMs = std::function<std::int64_t()>;

  // file: made when absent, with its directory. Where it is empty, or cannot be made or mapped, the
  // breaker works for this process alone. now: for tests; empty: the system's clock.
  explicit Breaker(const std::filesystem::path& file, BreakerPolicy policy = {}, UnixMs now = {});
  ~Breaker();
  Breaker(const Breaker&) = delete;
  Breaker& operator=(const Breaker&) = delete;

  struct Refusal {
    ErrorCode code;                         // what opened it
    std::chrono::milliseconds retry_after;  // when it will let a probe through
  };
  // Asked before each attempt; nothing: go ahead, and report how it went. A clock that was set back
  // lets it refuse for no longer than its longest pause.
  std::optional<Refusal> ask();
  void succeeded() noexcept;
  // Opens at once for the account's troubles; counts unreachable, upstream_timeout,
  // upstream_failed, model_loading and rate_limited (whose retry_after is obeyed); anything else
  // (a refused text, bad audio) shows that the upstream answers; cancelled tells nothing.
  void failed(const Error& error) noexcept;

  // Closes it, but so that the next failure opens it again: for who has reason to believe that what
  // was wrong is mended.
  void forgive() noexcept;

  // As ask(), but claims nothing.
  std::optional<Refusal> look() const noexcept;
  // What opened it, for as long as no call has succeeded since: for status. retry_after is 0 once
  // a probe would be let through.
  std::optional<Refusal> trouble() const noexcept;

 private:
  struct State;
  class Mapping;

  std::chrono::milliseconds longest() const noexcept;
  std::chrono::milliseconds left(std::int64_t until, std::int64_t now) const noexcept;
  Refusal refusal(std::chrono::milliseconds left) const noexcept;
  void count(const Error& error) noexcept;
  void open(ErrorCode code, std::chrono::milliseconds pause,
            std::chrono::milliseconds wanted) noexcept;
  void give_back() noexcept;

  std::unique_ptr<Mapping> mapping_;
  BreakerPolicy policy_;
  UnixMs now_;
};

}  // namespace bhashatts::net
