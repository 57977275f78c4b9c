// Texts, requests and numbers of a C caller as those of the engine: hostile until they are here.
//
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <stop_token>
#include <string_view>

#include "bhashatts/speech.h"
#include "structs.h"

namespace bhashatts::c {

// Raises bad_request for a NULL that has a length. The view is the caller's.
inline std::string_view view_of(bhashatts_text text, const char* what) {
  if (text.data == nullptr && text.size > 0) refuse_null(what);
  return {text.data, text.size};
}
// As above; raises text_not_utf8 too. For names and ids: a text that is to be spoken is checked
// where it is read.
std::string_view checked_name(bhashatts_text text, const char* what);
inline std::string_view name_of(bhashatts_text text, const char* what) {
  return text.size == 0 ? std::string_view() : checked_name(text, what);
}
inline bhashatts_text text_of(std::string_view text) noexcept { return {text.data(), text.size()}; }

// 0: wav. Raises format_unknown.
AudioFormat format_of(bhashatts_format format);
[[noreturn]] void refuse_flag(const char* what);
// Raises bad_request unless it is 0 or 1.
inline bool flag_of(std::int32_t flag, const char* what) {
  if (flag != 0 && flag != 1) refuse_flag(what);
  return flag == 1;
}
// Below 0: nothing.
std::optional<std::int64_t> limit_of(std::int64_t limit) noexcept;
std::stop_token token_of(const bhashatts_cancel* cancel);
// Null: never.
inline std::stop_token stop_of(const bhashatts_cancel* cancel) {
  return cancel == nullptr ? std::stop_token() : token_of(cancel);
}

// The views in it are the caller's. Raises 2xx.
SpeechRequest request_of(const bhashatts_request* request);

}  // namespace bhashatts::c
