// Strict UTF-8, one code point at a time: overlong forms, surrogates and what lies beyond U+10FFFF
// are refused, so that every text has one spelling in bytes and every consumer sees the same one.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bhashatts::text {

// Raises text_not_utf8 unless everything from `position` on is valid.
void require_utf8(std::string_view utf8, std::size_t position = 0);

std::string encode(std::u32string_view code_points);

// As decode, for what its short way does not take.
char32_t decode_other(std::string_view utf8, std::size_t& position);

// Reads the code point that begins at `position` (less than the size) and moves behind it.
// Raises text_not_utf8 with the byte offset.
inline char32_t decode(std::string_view utf8, std::size_t& position) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(utf8[at]); };
  const std::uint8_t lead = byte(position);
  if (lead < 0x80) {
    ++position;
    return lead;
  }
  // U+1000 to U+CFFF need no look at overlong forms or surrogates; E0, which leads the Indic
  // blocks, needs one: its second byte starts at A0.
  if (lead >= 0xE0 && lead <= 0xEC && utf8.size() - position >= 3) {
    const std::uint8_t second = byte(position + 1);
    const std::uint8_t third = byte(position + 2);
    const std::uint8_t least = lead == 0xE0 ? 0xA0 : 0x80;
    if (second >= least && second < 0xC0 && (third & 0xC0) == 0x80) {
      position += 3;
      return static_cast<char32_t>((lead & 0x0F) << 12 | (second & 0x3F) << 6 | (third & 0x3F));
    }
  }
  return decode_other(utf8, position);
}

}  // namespace bhashatts::text
