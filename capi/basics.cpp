// Exports: names, this thread's last failure, strings, cancelling.
#include "guard.h"
#include "objects.h"
#include "values.h"

namespace bhashatts::c {

BHASHATTS_EXPORT const char* bhashatts_status_name(bhashatts_status status) {
  return name(static_cast<ErrorCode>(status)).data();  // of a literal
}

BHASHATTS_EXPORT const char* bhashatts_version() { return BHASHATTS_VERSION; }

BHASHATTS_EXPORT const char* bhashatts_error_message() { return last_error().message.data(); }

BHASHATTS_EXPORT const char* bhashatts_error_detail() { return last_error().detail.data(); }

BHASHATTS_EXPORT bhashatts_status bhashatts_error_status() { return last_error().status; }

BHASHATTS_EXPORT std::int32_t bhashatts_error_retryable() { return last_error().retryable; }

BHASHATTS_EXPORT std::int64_t bhashatts_error_retry_after_ms() {
  return last_error().retry_after_ms;
}

BHASHATTS_EXPORT std::int64_t bhashatts_error_cost() { return last_error().cost_micro_usd; }

BHASHATTS_EXPORT bhashatts_status bhashatts_string_view(const bhashatts_string* string,
                                                        bhashatts_text* text) {
  return guarded([&] {
    if (text == nullptr) refuse_null("text");
    *text = text_of(pinned(string)->text);
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_string_destroy(bhashatts_string* string) {
  return guarded([&] { destroyed(string); });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_cancel_create(bhashatts_cancel** cancel) {
  return guarded([&] {
    begin_output(cancel, "cancel");
    *cancel = made<bhashatts_cancel>();
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_cancel_request(bhashatts_cancel* cancel) {
  return guarded([&] { pinned(cancel)->request(); });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_cancel_destroy(bhashatts_cancel* cancel) {
  return guarded([&] { destroyed(cancel); });
}

}  // namespace bhashatts::c
