// utf8proc over a whole text: what the room's short ways are held against.
#pragma once

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "text/utf8.h"

namespace bhashatts::testing {

inline std::string map_utf8(std::string_view utf8, int options) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                 static_cast<utf8proc_ssize_t>(utf8.size()), &mapped,
                                 static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size < 0) return "utf8proc refused it";
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
}

inline std::string nfc(std::string_view utf8) {
  return map_utf8(utf8, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

inline std::string nfd(std::string_view utf8) {
  return map_utf8(utf8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
}

// Letters of the fully decomposed text: no rule may add or lose one.
inline std::size_t count_letters(std::string_view utf8) {
  const std::string decomposed = nfd(utf8);
  std::size_t letters = 0;
  for (std::size_t at = 0; at < decomposed.size();) {
    const auto c = static_cast<utf8proc_int32_t>(text::decode(decomposed, at));
    const auto category = utf8proc_category(c);
    letters += category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO ? 1U : 0U;
  }
  return letters;
}

}  // namespace bhashatts::testing
