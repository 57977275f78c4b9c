// The tables are derived, not typed: the general category, the combining class and whether NFC
// leaves a code point alone all come from utf8proc. Typed are only the few characters that compose
// with something before them though they are starters; Unicode's stability policy fixes that list
// for every character that is assigned already, and what is not assigned is `careful`.
#include "text/characters.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include "text/utf8.h"

namespace bhashatts::text {
namespace {

struct Free {
  void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }
};

bool is_nfc_alone(char32_t c) {
  const std::string utf8 = encode({&c, 1});
  const std::unique_ptr<utf8proc_uint8_t, Free> nfc(
      utf8proc_NFC(reinterpret_cast<const utf8proc_uint8_t*>(utf8.c_str())));
  return nfc && utf8 == reinterpret_cast<const char*>(nfc.get());
}

bool is_second(char32_t c) {
  constexpr std::array<char32_t, 12> kSeconds{0x09BE, 0x09D7, 0x0B3E, 0x0B56, 0x0B57, 0x0BBE,
                                              0x0BD7, 0x0CC2, 0x0CD5, 0x0CD6, 0x0D3E, 0x0D57};
  return std::ranges::find(kSeconds, c) != kSeconds.end();
}

// Sinhala composes with its virama and with two starters; it is not worth a rule of its own.
bool is_sinhala(char32_t c) { return c >= 0x0D80 && c < 0x0E00; }

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

// Marks of direction, invisible operators, the retired format controls, joins and breaks of lines.
bool is_dropped(char32_t c) {
  return c == 0x00AD || c == 0x061C || c == 0x200B || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F && c != 0x2065);
}

Kind kind_of_visible(char32_t c) {
  if (is_sinhala(c)) return Kind::careful;
  if (is_second(c)) return Kind::second;
  if (utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_CN) {
    return Kind::careful;
  }
  const bool indic = c >= 0x0900;
  const int ccc = combining_class(c);
  if (indic && ccc == 7) return Kind::nukta;
  if (indic && ccc == 9) return c == 0x0D3B || c == 0x0D3C ? Kind::careful : Kind::virama;
  return ccc == 0 && is_nfc_alone(c) && !is_ignorable(c) ? Kind::plain : Kind::careful;
}

Kind derive(char32_t c) {
  switch (c) {
    case '\t': return Kind::blank;
    case '\n':
    case 0x0085: return Kind::newline;
    case '\r':
    case 0x2028:
    case 0x2029: return Kind::newline_taking_lf;
    case '|': return Kind::bar;
    case kDanda: return Kind::danda;
    case kZwnj:
    case kZwj: return Kind::joiner;
    default: break;
  }
  if (is_control(c)) return Kind::control;
  if (is_dropped(c)) return Kind::dropped;
  if (utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_ZS) {
    return Kind::blank;
  }
  return kind_of_visible(c);
}

}  // namespace

Characters::Characters() {
  for (char32_t c = 0; c < kPastFirstTable; ++c) kinds_[c] = derive(c);
  for (char32_t c = kSecondTable; c < kPastSecondTable; ++c) {
    kinds_[kPastFirstTable + (c - kSecondTable)] = derive(c);
  }
}

const Characters& Characters::get() {
  static const Characters characters;
  return characters;
}

Kind Characters::rare_kind(char32_t c) noexcept {
  if (c == 0x1680 || c == 0x3000) return Kind::blank;
  return c == 0xFEFF || c == 0x180E ? Kind::dropped : Kind::careful;
}

bool composes_with_second(char32_t before) noexcept {
  switch (before) {
    case 0x09C7:
    case 0x0B47:
    case 0x0B92:
    case 0x0BC6:
    case 0x0BC7:
    case 0x0CBF:
    case 0x0CC6:
    case 0x0CCA:
    case 0x0D46:
    case 0x0D47: return true;
    default: return false;
  }
}

bool composes_with_nukta(char32_t before) noexcept {
  return before == 0x0928 || before == 0x0930 || before == 0x0933;
}

int combining_class(char32_t c) noexcept {
  if (c == 0x0F73 || c == 0x0F75 || c == 0x0F81) return 129;
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class;
}

bool is_ignorable(char32_t c) noexcept {
  constexpr std::array<std::array<char32_t, 2>, 14> kRanges{{{0x034F, 0x034F},
                                                             {0x115F, 0x1160},
                                                             {0x17B4, 0x17B5},
                                                             {0x180B, 0x180F},
                                                             {0x200C, 0x200D},
                                                             {0x2065, 0x2065},
                                                             {0x3164, 0x3164},
                                                             {0xFE00, 0xFE0F},
                                                             {0xFFA0, 0xFFA0},
                                                             {0xFFF0, 0xFFFB},
                                                             {0x1BCA0, 0x1BCA3},
                                                             {0x1D173, 0x1D17A},
                                                             {0xE0000, 0xE0FFF},
                                                             {0x2800, 0x2800}}};
  return std::ranges::any_of(kRanges, [c](const auto& r) { return c >= r[0] && c <= r[1]; });
}

}  // namespace bhashatts::text
