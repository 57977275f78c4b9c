// The places in a block are those of ISCII: 15 to 39 consonants, 05 to 14 vowels, 3E to 4C their
// signs. Sinhala, in the ninth block's wake, has an order of its own and no sounds here.
#include "text/letters.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace bhashatts::text {
namespace {

constexpr char32_t kFirstBlock = 0x0900;
constexpr char32_t kPastBlocks = 0x0D80;
constexpr char32_t kAddak = 0x0A71;
constexpr char32_t kTippi = 0x0A70;

// 0 where the character is in none of the nine blocks, or is a danda.
constexpr char32_t place(char32_t c) {
  if (c < kFirstBlock || c >= kPastBlocks || c == 0x0964 || c == 0x0965) return 0;
  return c & 0x7FU;
}

constexpr bool is_in_block(char32_t c, char32_t block) { return (c & ~char32_t{0x7F}) == block; }

utf8proc_category_t category(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

using S = Sound;
// From KA (15) to HA (39).
constexpr std::array<Sound, 37> kConsonants{
    S::stop,      S::stop,      S::voiced_stop,      S::voiced_stop,      S::nasal,     // ka
    S::affricate, S::affricate, S::voiced_affricate, S::voiced_affricate, S::nasal,     // ca
    S::stop,      S::stop,      S::voiced_stop,      S::voiced_stop,      S::nasal,     // tta
    S::stop,      S::stop,      S::voiced_stop,      S::voiced_stop,      S::nasal,     // ta
    S::nasal,                                                                           // nnna
    S::stop,      S::stop,      S::voiced_stop,      S::voiced_stop,      S::nasal,     // pa
    S::y,         S::liquid,    S::liquid,           S::liquid,           S::liquid,    // ya
    S::liquid,    S::v,         S::sibilant,         S::sibilant,         S::sibilant,  // llla
    S::h};
// From A (05) to AU (14).
constexpr std::array<Sound, 16> kVowels{S::a, S::aa, S::i, S::i, S::u, S::u, S::i, S::u,
                                        S::e, S::e,  S::e, S::e, S::o, S::o, S::o, S::o};
// From AA (3E) to AU (4C).
constexpr std::array<Sound, 15> kSigns{S::aa, S::i, S::i, S::u, S::u, S::i, S::i, S::e,
                                       S::e,  S::e, S::e, S::o, S::o, S::o, S::o};
// From a to z.
constexpr std::array<Sound, 26> kLatin{
    S::a,       S::voiced_stop, S::stop,   S::voiced_stop, S::e,
    S::h,       S::voiced_stop, S::h,      S::i,           S::voiced_affricate,
    S::stop,    S::liquid,      S::nasal,  S::nasal,       S::o,
    S::stop,    S::stop,        S::liquid, S::sibilant,    S::stop,
    S::u,       S::v,           S::v,      S::sibilant,    S::y,
    S::sibilant};

// Lower case, without accents; 0 for what is no Latin letter.
char32_t latin_base(char32_t c) {
  if (c < 0x80) {
    const char32_t lower = c | 0x20U;
    return lower >= 'a' && lower <= 'z' ? lower : 0;
  }
  if (script_of(c) != Script::latin) return 0;
  std::array<utf8proc_int32_t, 8> parts{};
  int last_class = 0;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD);
  const auto length = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(),
                                              parts.size(), options, &last_class);
  const auto base = length > 0 ? static_cast<char32_t>(parts[0]) : 0;
  return base >= 'a' && base <= 'z' ? base : 0;
}

}  // namespace

bool is_letter(char32_t c) noexcept {
  const auto kind = category(c);
  return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

bool is_digit(char32_t c) noexcept { return category(c) == UTF8PROC_CATEGORY_ND; }

bool is_virama(char32_t c) noexcept { return place(c) == 0x4D; }

bool is_chillu(char32_t c) noexcept {
  return (c >= 0x0D7A && c <= 0x0D7F) || (c >= 0x0D54 && c <= 0x0D56) || c == 0x09CE;
}

bool is_long_vowel(char32_t c) noexcept {
  constexpr std::array<char32_t, 18> kLong{0x06, 0x08, 0x0A, 0x0F, 0x10, 0x11, 0x13, 0x14, 0x3E,
                                           0x40, 0x42, 0x45, 0x47, 0x48, 0x49, 0x4B, 0x4C, 0x57};
  return std::ranges::find(kLong, place(c)) != kLong.end();
}

bool is_coda(char32_t c) noexcept {
  const char32_t at = place(c);
  return (at >= 0x01 && at <= 0x03) || c == kTippi || c == kAddak;
}

bool is_latin_vowel(char32_t c) noexcept {
  const char32_t base = latin_base(c);
  return base == 'a' || base == 'e' || base == 'i' || base == 'o' || base == 'u' || base == 'y';
}

bool is_joining_consonant(char32_t c) noexcept {
  const char32_t at = place(c);
  if (at == 0 || is_in_block(c, 0x0B80) || !is_letter(c)) return false;
  if (at >= 0x15 && at <= 0x39) return true;
  switch (c & ~char32_t{0x7F}) {
    case 0x0900: return (at >= 0x58 && at <= 0x5F) || at >= 0x78;
    case 0x0980: return at == 0x5C || at == 0x5D || at == 0x5F || at == 0x70 || at == 0x71;
    case 0x0A00: return at >= 0x59 && at <= 0x5E;
    case 0x0A80: return at == 0x79;
    case 0x0B00: return at == 0x5C || at == 0x5D || at == 0x5F || at == 0x71;
    case 0x0C00: return at >= 0x58 && at <= 0x5A;
    case 0x0C80: return at == 0x5E;
    case 0x0D00: return at == 0x3A;
    default: return false;
  }
}

bool is_linker(char32_t c) noexcept { return is_virama(c) && !is_in_block(c, 0x0B80); }

std::optional<Sound> indic_consonant(char32_t c) noexcept {
  const char32_t at = place(c);
  if (at >= 0x15 && at <= 0x39) return kConsonants[at - 0x15];
  if (is_coda(c) && at != 0x03 && c != kAddak) return Sound::nasal;
  if (!is_chillu(c)) return std::nullopt;
  if (c == 0x09CE) return Sound::stop;
  return c == 0x0D7A || c == 0x0D7B || c == 0x0D54 ? Sound::nasal : Sound::liquid;
}

std::optional<Sound> indic_vowel(char32_t c) noexcept {
  const char32_t at = place(c);
  if (at >= 0x05 && at <= 0x14) return kVowels[at - 0x05];
  if (at >= 0x3E && at <= 0x4C) return kSigns[at - 0x3E];
  return std::nullopt;
}

std::optional<Sound> latin_sound(char32_t c) noexcept {
  const char32_t base = latin_base(c);
  if (base == 0) return std::nullopt;
  return kLatin[base - 'a'];
}

}  // namespace bhashatts::text
