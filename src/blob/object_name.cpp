#include "blob/object_name.h"

#include <algorithm>

#include "bhashatts/error.h"

namespace bhashatts::blob {
namespace {

bool is_part(std::string_view part) {
  if (part.empty() || part.size() > 255 || part == "." || part == "..") return false;
  return std::none_of(part.begin(), part.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

bool is_object_name(std::string_view name) {
  if (name.size() > 1024 || name.substr(0, name.find('/')) == kReservedPart) return false;
  for (;;) {
    const std::size_t slash = name.find('/');
    if (!is_part(name.substr(0, slash))) return false;
    if (slash == name.npos) return true;
    name.remove_prefix(slash + 1);
  }
}

void refuse_bad_name(std::string_view name) {
  if (is_object_name(name)) return;
  throw Error(ErrorCode::bad_request,
              "not a name for an object: use parts of 1 to 255 bytes joined by '/', 1,024 in all, "
              "none of them '.', '..' or with control characters, the first not '.tmp'");
}

std::string percent_encoded(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : path) {
    if (is_unreserved(c) || c == '/') {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 15U];
  }
  return encoded;
}

}  // namespace bhashatts::blob
