#include "last_error.h"

#include <algorithm>
#include <exception>
#include <new>

#include "bhashatts/error.h"
#include "one_line.h"

namespace bhashatts::c {
namespace {

bhashatts_status keep(ErrorCode code, std::string_view message, std::string_view detail = {}) {
  Failure& last = last_error();
  last.status = static_cast<bhashatts_status>(code);
  last.retryable = 0;
  last.retry_after_ms = 0;
  last.cost_micro_usd = 0;
  copy(last.message, message);
  copy(last.detail, detail);
  return last.status;
}

bhashatts_status keep(const Error& error) {
  // An Error that is none would be taken for success.
  const ErrorCode code = error.code() == ErrorCode::ok ? ErrorCode::internal : error.code();
  keep(code, error.what(), error.detail());
  Failure& last = last_error();
  last.retryable = error.retryable() ? 1 : 0;
  last.retry_after_ms = error.retry_after().count();
  last.cost_micro_usd = error.cost_micro_usd();
  return last.status;
}

}  // namespace

Failure& last_error() noexcept {
  static thread_local constinit Failure failure;
  return failure;
}

Failure& member_failure() noexcept {
  static thread_local constinit Failure failure;
  return failure;
}

void copy(Line& to, std::string_view text) noexcept {
  std::size_t size = 0;
  while (!text.empty()) {
    const std::string_view one = take_character(text);
    if (size + one.size() >= to.size()) break;
    std::ranges::copy(one, to.begin() + static_cast<std::ptrdiff_t>(size));
    size += one.size();
  }
  to[size] = '\0';
}

bhashatts_status keep_current_exception() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    return keep(error);
  } catch (const std::bad_alloc&) {
    return keep(ErrorCode::out_of_memory, "out of memory");
  } catch (const std::exception& error) {
    return keep(ErrorCode::internal, error.what());
  } catch (...) {
    return keep(ErrorCode::internal, "something was raised that is no exception");
  }
}

}  // namespace bhashatts::c
