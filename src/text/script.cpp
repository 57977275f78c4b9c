#include "text/script.h"

#include <utf8proc.h>

#include "text/characters.h"

namespace bhashatts::text {
namespace {

constexpr char32_t kFirstIndic = 0x0900;  // from here each script has a block of 128, in the
constexpr char32_t kPastIndic = 0x0E00;   // order of the enumeration

bool is_letter(char32_t c) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_latin_block(char32_t c) { return c < 0x0250 || (c >= 0x1E00 && c < 0x1F00); }

}  // namespace

Script script_of(char32_t c) noexcept {
  if (c >= kFirstIndic && c < kPastIndic) {
    if (c == kDanda || c == kDoubleDanda) return Script::common;
    const auto block = (c - kFirstIndic) >> 7;
    return static_cast<Script>(static_cast<char32_t>(Script::devanagari) + block);
  }
  if (c >= 0xA8E0 && c < 0xA900) return Script::devanagari;
  if (!is_letter(c)) return Script::common;
  return is_latin_block(c) ? Script::latin : Script::other;
}

}  // namespace bhashatts::text
