// Calling a member of a plug-in: what it returns, says by bhashatts_fail or raises becomes an
// Error.
//
// A member may report some failures only, by the table in c_plugins.h: the engine would take others
// for its own, a voice's 300 for the end of a stream, a store's 4xx for a reason to pay another
// voice.
//
// Thread rule: any thread.
#pragma once

#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <string>

#include "bhashatts/error.h"
#include "callback.h"
#include "last_error.h"

namespace bhashatts::c {

// The number itself where it is a status, else plugin_failed.
ErrorCode code_of(bhashatts_status status) noexcept;

// What a failed member says. what: "the tier's get".
Error failure_of(const char* what, bhashatts_status status);
// In a catch block: what a member raised, though it must not.
Error raised_by(const char* what);
// As plugin_failed.
Error not_allowed(const char* what, const Error& error);

// What a member says by bhashatts_fail is its own: another engine's member that it calls meanwhile,
// on this thread, neither reads nor changes it.
class OwnFailure {
 public:
  OwnFailure() {
    Failure& failure = member_failure();
    if (failure.status != BHASHATTS_OK) outer_ = failure;
    failure.status = BHASHATTS_OK;
  }
  ~OwnFailure() {
    if (outer_) {
      member_failure() = *outer_;
    } else {
      member_failure().status = BHASHATTS_OK;
    }
  }
  OwnFailure(const OwnFailure&) = delete;
  OwnFailure& operator=(const OwnFailure&) = delete;

 private:
  std::optional<Failure> outer_;
};

// What each member may fail with.
inline bool is_common_failure(ErrorCode code) noexcept {
  return code == ErrorCode::out_of_memory || code == ErrorCode::plugin_failed;
}
struct AnyFailure {
  bool operator()(ErrorCode) const noexcept { return true; }
};
// Of a tier, a store, a sink.
struct KeepingFailure {
  bool operator()(ErrorCode code) const noexcept {
    return is_common_failure(code) || static_cast<int>(code) / 100 == 6;
  }
};

// The status of a member's call: 0, or one that was expected; raises all others.
template <typename Call, typename Allows = AnyFailure>
bhashatts_status call_member(const char* what, const Call& call,
                             bhashatts_status expected = BHASHATTS_OK, const Allows& allows = {}) {
  const InCallback in_callback;
  const OwnFailure own_failure;
  const auto checked = [&](const Error& error) {
    return allows(error.code()) ? error : not_allowed(what, error);
  };
  bhashatts_status status = BHASHATTS_OK;
  try {
    status = call();
  } catch (...) {
    throw checked(raised_by(what));
  }
  if (status == BHASHATTS_OK || status == expected) return status;
  throw checked(failure_of(what, status));
}

// Of a tier, a store, a sink.
template <typename Call>
bhashatts_status call_keeper(const char* what, const Call& call,
                             bhashatts_status expected = BHASHATTS_OK) {
  return call_member(what, call, expected, KeepingFailure{});
}

// Of their get: false where there is nothing.
template <typename Call>
bool call_get(const char* what, const Call& call) {
  return call_keeper(what, call, BHASHATTS_NOT_FOUND) == BHASHATTS_OK;
}

}  // namespace bhashatts::c
