// Two ways through UTF-8: the header decodes what nearly every byte of an Indic page is, this file
// the rest, by the table of the standard; and it says of bad bytes what is wrong with them, since
// the person who reads the message has to find them.
#include "text/utf8.h"

#include <string>

#include "bhashatts/error.h"
#include "bhashatts/text.h"

namespace bhashatts {
namespace text {
namespace {

struct Form {
  std::size_t length = 0;  // 0: no lead byte
  std::uint8_t least_second = 0x80;
  std::uint8_t most_second = 0xBF;
};

// The table of well-formed sequences in the Unicode standard (3-7), by lead byte.
Form form_of(std::uint8_t lead) {
  if (lead < 0x80) return {1};
  if (lead < 0xC2) return {};  // a continuation byte, or an overlong form
  if (lead < 0xE0) return {2};
  if (lead == 0xE0) return {3, 0xA0};
  if (lead == 0xED) return {3, 0x80, 0x9F};  // else a surrogate
  if (lead < 0xF0) return {3};
  if (lead == 0xF0) return {4, 0x90};
  if (lead < 0xF4) return {4};
  if (lead == 0xF4) return {4, 0x80, 0x8F};  // up to U+10FFFF
  return {};
}

bool well_formed(std::string_view bytes, const Form& form) {
  if (form.length == 0 || bytes.size() < form.length) return false;
  if (form.length == 1) return true;
  const auto second = static_cast<std::uint8_t>(bytes[1]);
  if (second < form.least_second || second > form.most_second) return false;
  for (std::size_t i = 2; i < form.length; ++i) {
    if ((static_cast<std::uint8_t>(bytes[i]) & 0xC0) != 0x80) return false;
  }
  return true;
}

std::string_view what_is_wrong(std::string_view bytes) {
  const auto lead = static_cast<std::uint8_t>(bytes[0]);
  const bool has_second = bytes.size() > 1 && (static_cast<std::uint8_t>(bytes[1]) & 0xC0) == 0x80;
  const std::uint8_t second = has_second ? static_cast<std::uint8_t>(bytes[1]) : std::uint8_t{0};
  if (lead < 0xC0) return "a continuation byte without a lead byte";
  if (lead < 0xC2) return "an overlong form";
  if (lead > 0xF4) return "a byte that UTF-8 never uses";
  if (!has_second) return "a sequence that breaks off";
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90)) {
    return "an overlong form";
  }
  if (lead == 0xED && second > 0x9F) return "an encoded surrogate";
  if (lead == 0xF4 && second > 0x8F) return "a code point beyond U+10FFFF";
  return "a sequence that breaks off";
}

[[noreturn]] void raise_not_utf8(std::string_view utf8, std::size_t position) {
  throw Error(ErrorCode::text_not_utf8,
              "the text is not valid UTF-8: " + std::string(what_is_wrong(utf8.substr(position))) +
                  " at byte " + std::to_string(position) + "; send it as UTF-8");
}

std::size_t encoded_size(char32_t c) {
  if (c < 0x80) return 1;
  if (c < 0x800) return 2;
  return c < 0x10000 ? 3 : 4;
}

char* write(char32_t c, char* to) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    *to++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *to++ = static_cast<char>(0xC0 | (c >> 6));
    *to++ = tail(0);
  } else if (c < 0x10000) {
    *to++ = static_cast<char>(0xE0 | (c >> 12));
    *to++ = tail(6);
    *to++ = tail(0);
  } else {
    *to++ = static_cast<char>(0xF0 | (c >> 18));
    *to++ = tail(12);
    *to++ = tail(6);
    *to++ = tail(0);
  }
  return to;
}

}  // namespace

char32_t decode_other(std::string_view utf8, std::size_t& position) {
  const std::string_view bytes = utf8.substr(position);
  const auto lead = static_cast<std::uint8_t>(bytes[0]);
  const Form form = form_of(lead);
  if (!well_formed(bytes, form)) raise_not_utf8(utf8, position);
  position += form.length;
  if (form.length == 1) return lead;
  char32_t c = lead & (0x7FU >> form.length);
  for (std::size_t i = 1; i < form.length; ++i) {
    c = c << 6 | (static_cast<std::uint8_t>(bytes[i]) & 0x3F);
  }
  return c;
}

void require_utf8(std::string_view utf8, std::size_t position) {
  while (position < utf8.size()) decode(utf8, position);
}

std::string encode(std::u32string_view code_points) {
  std::size_t size = 0;
  for (const char32_t c : code_points) size += encoded_size(c);
  std::string utf8(size, '\0');
  char* to = utf8.data();
  for (const char32_t c : code_points) to = write(c, to);
  return utf8;
}

}  // namespace text

std::size_t count_code_points(std::string_view utf8) {
  std::size_t count = 0;
  for (const char byte : utf8) count += (static_cast<std::uint8_t>(byte) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace bhashatts
