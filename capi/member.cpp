#include "member.h"

#include <chrono>

#include "amounts.h"
#include "bhashatts/c_plugins.h"
#include "guard.h"
#include "one_line.h"
#include "values.h"

namespace bhashatts::c {
namespace {

constexpr std::int64_t kMostRetryAfterMs = 86'400'000;

// What bhashatts_fail left, if it is about this status.
Error told(ErrorCode code, const Failure& failure) {
  return Error(code, failure.message.data(), failure.retryable != 0,
               std::chrono::milliseconds(failure.retry_after_ms))
      .costing(failure.cost_micro_usd);
}

// One of C++, by a plug-in that is linked with the other library.
Error cured(const Error& raised) {
  return Error(raised.code(), one_line(raised.what()), raised.retryable(), raised.retry_after())
      .costing(nearest_amount(raised.cost_micro_usd(), kMostMicroUsd))
      .detailed(one_line(raised.detail()));
}

}  // namespace

ErrorCode code_of(bhashatts_status status) noexcept {
  const auto code = static_cast<ErrorCode>(status);
  const bool known = name(code) != name(ErrorCode::internal) || code == ErrorCode::internal;
  return known && code != ErrorCode::ok ? code : ErrorCode::plugin_failed;
}

Error failure_of(const char* what, bhashatts_status status) {
  const ErrorCode code = code_of(status);
  const Failure& failure = member_failure();
  if (failure.status == status && failure.message[0] != '\0') return told(code, failure);
  std::string message = std::string(what) + " failed: ";
  message += code == ErrorCode::plugin_failed && status != BHASHATTS_PLUGIN_FAILED
                 ? "it returned " + std::to_string(status) + ", which is no status"
                 : std::string(name(code));
  return Error(code, std::move(message));
}

Error raised_by(const char* what) {
  try {
    throw;
  } catch (const Error& error) {
    return cured(error);
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::out_of_memory, std::string(what) + " is out of memory");
  } catch (const std::exception& error) {
    return Error(ErrorCode::plugin_failed,
                 std::string(what) + " raised: " + one_line(error.what()));
  } catch (...) {
    return Error(ErrorCode::plugin_failed,
                 std::string(what) + " raised something that is no exception");
  }
}

Error not_allowed(const char* what, const Error& error) {
  std::string message = std::string(what) + " must not fail with " +
                        std::to_string(static_cast<int>(error.code())) + " (" +
                        std::string(name(error.code())) + ")";
  const std::string_view said = error.what();
  if (!said.starts_with(what)) message.append(": ").append(said);  // else it only says that it did
  return Error(ErrorCode::plugin_failed, std::move(message)).costing(error.cost_micro_usd());
}

BHASHATTS_EXPORT bhashatts_status bhashatts_fail(bhashatts_status status, bhashatts_text message,
                                                 std::int32_t retryable,
                                                 std::int64_t retry_after_ms,
                                                 std::int64_t cost_micro_usd) {
  Failure& failure = member_failure();
  failure.status = status;
  failure.retryable = retryable != 0 ? 1 : 0;
  failure.retry_after_ms = nearest_amount(retry_after_ms, kMostRetryAfterMs);
  failure.cost_micro_usd = nearest_amount(cost_micro_usd, kMostMicroUsd);
  copy(failure.message,
       message.data == nullptr ? std::string_view() : std::string_view(message.data, message.size));
  return status;
}

}  // namespace bhashatts::c
