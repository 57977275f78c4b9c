// Names of objects as they come from outside: what may become a path, and how it becomes a URL.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace bhashatts::blob {

// First part of a path that no object may have: temporary files live there.
inline constexpr std::string_view kReservedPart = ".tmp";

// At most 1,024 bytes (the limit of S3 and R2), '/' separated; each part 1 to 255 bytes, not "." or
// "..", without control characters; the first not ".tmp".
bool is_object_name(std::string_view name);
// Raises bad_request for any other.
void refuse_bad_name(std::string_view name);

// RFC 3986: all but unreserved characters and '/' as %XX.
std::string percent_encoded(std::string_view path);

}  // namespace bhashatts::blob
