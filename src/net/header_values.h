// What the headers of a reply say, read as the hostile text that they are.
//
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace bhashatts::net {

inline constexpr std::chrono::milliseconds kLongestWait{60'000};

// Retry-After: seconds (also with decimals) or an HTTP date (all three forms of RFC 9110). Clamped
// to 0 to 60 s; nothing for what is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::int64_t now_unix_seconds);
// Any of the three forms, as Unix seconds; nothing for what is none. now decides the century of a
// year of two digits.
std::optional<std::int64_t> parse_http_date(std::string_view value, std::int64_t now_unix_seconds);
// RateLimit: "api";r=0;t=55 (several, separated by commas): the longest t of those whose r is 0,
// clamped; nothing where none is used up, or nothing can be read.
std::optional<std::chrono::milliseconds> parse_rate_limit(std::string_view value);
// x-compute-time: seconds, "1.512". Nothing for what is negative, not finite, over a day or no
// number.
std::optional<std::chrono::milliseconds> parse_seconds(std::string_view value);
// "audio/FLAC; rate=1" -> "audio/flac"; empty for what is no media type.
std::string media_type_of(std::string_view content_type);

// How long the reply asks to wait, by Retry-After, else RateLimit; nothing where it does not say.
std::optional<std::chrono::milliseconds> wanted_wait(const HttpReply& reply);

}  // namespace bhashatts::net
