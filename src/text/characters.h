// What each code point is to the normalisation of spoken text.
//
// Nearly all of a page falls into one load from a small table. The table is not written by hand: it
// is made once from utf8proc's own data, and what it does not prove harmless it calls `careful`, so
// that utf8proc decides.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <array>
#include <cstdint>

namespace bhashatts::text {

inline constexpr char32_t kZwnj = 0x200C;
inline constexpr char32_t kZwj = 0x200D;
inline constexpr char32_t kDanda = 0x0964;
inline constexpr char32_t kDoubleDanda = 0x0965;
inline constexpr char32_t kMalayalamVirama = 0x0D4D;
inline constexpr char32_t kMalayalamNa = 0x0D28;
inline constexpr char32_t kMalayalamRra = 0x0D31;
inline constexpr char32_t kMalayalamChilluN = 0x0D7B;

enum class Kind : std::uint8_t {
  careful,  // visible or not, utf8proc has to look at it
  plain,    // a visible starter that is NFC by itself and never composes with what precedes it
  nukta,    // combining class 7
  virama,   // combining class 9, of one of India's nine scripts; never composes
  second,   // a vowel sign or length mark that composes with a few vowel signs before it
  joiner,   // ZWJ, ZWNJ
  blank,
  newline,
  newline_taking_lf,  // CR, U+2028, U+2029: an LF directly behind it belongs to it
  dropped,            // invisible, and nothing to a voice
  control,            // refused
  bar,                // |
  danda,
};

inline constexpr char32_t kPastFirstTable = 0x0E00;  // Latin to Sinhala
inline constexpr char32_t kSecondTable = 0x2000;     // punctuation, joiners, currency
inline constexpr char32_t kPastSecondTable = 0x2100;

class Characters {
 public:
  // Made at the first call (0.3 ms).
  static const Characters& get();

  Kind kind(char32_t c) const noexcept {
    if (c < kPastFirstTable) return kinds_[c];
    const char32_t at = c - kSecondTable;
    if (at < kPastSecondTable - kSecondTable) return kinds_[kPastFirstTable + at];
    return rare_kind(c);
  }

 private:
  Characters();
  static Kind rare_kind(char32_t c) noexcept;

  std::array<Kind, kPastFirstTable + (kPastSecondTable - kSecondTable)> kinds_{};
};

// Whether a `second` may compose with `before`, or a `nukta` with it.
bool composes_with_second(char32_t before) noexcept;
bool composes_with_nukta(char32_t before) noexcept;

// Canonical combining class, but never 0 for the three Tibetan vowel signs that are starters and
// decompose into marks: they behave as marks once they are NFC.
int combining_class(char32_t c) noexcept;

// Shows nothing by itself: variation selectors, fillers, tags and the like. They are kept.
bool is_ignorable(char32_t c) noexcept;

constexpr bool is_joiner(char32_t c) noexcept { return c == kZwnj || c == kZwj; }

// Whether a joiner behind this virama says nothing to a voice: it only picks a half form. Elsewhere
// it is kept: Malayalam, Tamil, Bengali and Kannada spell different words or sounds with it.
constexpr bool drops_joiner(char32_t virama) noexcept {
  return virama == 0x094D || virama == 0x0ACD || virama == 0x0C4D;
}

}  // namespace bhashatts::text
