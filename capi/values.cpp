#include "values.h"

#include <string>

#include "objects.h"
#include "structs.h"
#include "text/utf8.h"

namespace bhashatts::c {

std::string_view checked_name(bhashatts_text text, const char* what) {
  const std::string_view name = view_of(text, what);
  try {
    text::require_utf8(name);
  } catch (const Error& error) {
    throw Error(error.code(), std::string(what) + ": " + error.what());
  }
  return name;
}

AudioFormat format_of(bhashatts_format format) {
  if (format == 0) return AudioFormat::wav;
  if (format >= BHASHATTS_WAV && format <= BHASHATTS_MP3) return static_cast<AudioFormat>(format);
  throw Error(ErrorCode::format_unknown, "unknown format; use one of: wav, flac, opus, mp3");
}

void refuse_flag(const char* what) {
  throw Error(ErrorCode::bad_request, std::string(what) + " must be 0 or 1");
}

std::optional<std::int64_t> limit_of(std::int64_t limit) noexcept {
  return limit < 0 ? std::nullopt : std::optional(limit);
}

std::stop_token token_of(const bhashatts_cancel* cancel) { return pinned(cancel)->token(); }

SpeechRequest request_of(const bhashatts_request* given) {
  const Reading<bhashatts_request> from(given);
  SpeechRequest request;
  request.text = view_of(from->text, "text");
  if (from->language.size > 0) request.language = name_of(from->language, "language");
  request.voice_style = name_of(from->voice_style, "voice_style");
  request.format = format_of(from->format);
  if (from->timeout_ms >= 0) request.timeout = std::chrono::milliseconds(from->timeout_ms);
  request.stop = stop_of(from->cancel);
  request.user_id = name_of(from->user_id, "user_id");
  request.story_id = name_of(from->story_id, "story_id");
  request.page_number = from->page_number;
  request.allow_fallback = !flag_of(from->no_fallback, "no_fallback");
  return request;
}

}  // namespace bhashatts::c
