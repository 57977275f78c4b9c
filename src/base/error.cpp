#include "bhashatts/error.h"

#include <utility>

namespace bhashatts {

Error::Error(ErrorCode code, std::string message, bool retryable,
             std::chrono::milliseconds retry_after)
    : code_(code), message_(std::move(message)), retryable_(retryable), retry_after_(retry_after) {}

std::string_view name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::ok: return "ok";
    case ErrorCode::internal: return "internal";
    case ErrorCode::out_of_memory: return "out_of_memory";
    case ErrorCode::not_supported: return "not_supported";
    case ErrorCode::closed: return "closed";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::plugin_failed: return "plugin_failed";
    case ErrorCode::bad_request: return "bad_request";
    case ErrorCode::text_empty: return "text_empty";
    case ErrorCode::text_too_long: return "text_too_long";
    case ErrorCode::text_not_utf8: return "text_not_utf8";
    case ErrorCode::text_control: return "text_control";
    case ErrorCode::language_unknown: return "language_unknown";
    case ErrorCode::voice_style_unknown: return "voice_style_unknown";
    case ErrorCode::format_unknown: return "format_unknown";
    case ErrorCode::config_invalid: return "config_invalid";
    case ErrorCode::stories_invalid: return "stories_invalid";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::not_configured: return "not_configured";
    case ErrorCode::unauthorized: return "unauthorized";
    case ErrorCode::rate_limited: return "rate_limited";
    case ErrorCode::model_loading: return "model_loading";
    case ErrorCode::model_not_served: return "model_not_served";
    case ErrorCode::endpoint_paused: return "endpoint_paused";
    case ErrorCode::upstream_rejected: return "upstream_rejected";
    case ErrorCode::upstream_failed: return "upstream_failed";
    case ErrorCode::unreachable: return "unreachable";
    case ErrorCode::upstream_timeout: return "upstream_timeout";
    case ErrorCode::bad_audio: return "bad_audio";
    case ErrorCode::deadline_exceeded: return "deadline_exceeded";
    case ErrorCode::credits_exhausted: return "credits_exhausted";
    case ErrorCode::budget_exhausted: return "budget_exhausted";
    case ErrorCode::storage_failed: return "storage_failed";
    case ErrorCode::storage_full: return "storage_full";
    case ErrorCode::storage_read_only: return "storage_read_only";
    case ErrorCode::storage_newer: return "storage_newer";
    case ErrorCode::storage_wrong_owner: return "storage_wrong_owner";
    case ErrorCode::storage_network: return "storage_network";
    case ErrorCode::storage_damaged: return "storage_damaged";
  }
  return "internal";
}

}  // namespace bhashatts
