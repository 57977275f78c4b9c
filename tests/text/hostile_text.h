// Texts that no one would write, the same ones in every run: letters, marks, joiners and breaks in
// any order, from the places where normalisations go wrong.
#pragma once

#include <cstdint>
#include <iterator>
#include <random>
#include <string>

#include "text/utf8.h"

namespace bhashatts::testing {

class HostileText {
 public:
  explicit HostileText(std::uint32_t seed) : random_(seed) {}

  // At most `most` code points.
  std::u32string next(std::size_t most) {
    std::u32string text(1 + random_() % most, U' ');
    // Few different characters a text, so that they meet.
    std::u32string few(1 + random_() % 6, U' ');
    for (char32_t& c : few) c = any();
    for (char32_t& c : text) c = few[random_() % few.size()];
    return text;
  }

 private:
  static constexpr char32_t kChosen[] = {
      // Joiners, danda and bar, blanks and breaks, what is dropped.
      0x200C, 0x200D, 0x200C, 0x200D, '|', '|', 0x0964, 0x0964, 0x0965, ' ', '\t', '\n', '\r',
      0x0085, 0x2028, 0x2029, 0x00A0, 0x3000, 0x200B, 0xFEFF, 0x00AD, 0x2060, 0x202A, 0x061C,
      // Viramas and nuktas.
      0x094D, 0x09CD, 0x0A4D, 0x0ACD, 0x0B4D, 0x0BCD, 0x0C4D, 0x0CCD, 0x0D4D, 0x0DCA, 0x0D3B,
      0x093C, 0x09BC, 0x0A3C, 0x0ABC, 0x0CBC, 0x0951, 0x0952, 0x0C55, 0x0C56, 0x1037,
      // What composes, what decomposes, and what would compose but must not.
      0x0928, 0x0930, 0x0933, 0x0929, 0x0958, 0x095C, 0x09C7, 0x09BE, 0x09DC, 0x0A33, 0x0BC6,
      0x0BC7, 0x0BBE, 0x0BD7, 0x0B92, 0x0BCA, 0x0CC6, 0x0CC2, 0x0CD5, 0x0CCA, 0x0C46, 0x0D46,
      0x0D47, 0x0D3E, 0x0D57, 0x0DD9, 0x0DDC, 0x0DCF, 0x0DDF,
      // Malayalam's chillus and the letters they are made of.
      0x0D28, 0x0D31, 0x0D7B, 0x0D28, 0x0D4D, 0x0D31, 0x0D23, 0x0D30, 0x0D32, 0x0D33, 0x0D15,
      0x0D7C, 0x0D7D, 0x0D7F, 0x0D2E,
      // Other scripts' traps: Latin, Greek, Hangul, Tibetan, Kirat Rai, musical symbols.
      'a', 'e', '5', 0x00E9, 0x0301, 0x0323, 0x0308, 0x0344, 0x034F, 0x0374, 0x1F82, 0x03B1, 0x0345,
      0x1100, 0x1161, 0x11A8, 0xAC00, 0xAC01, 0x0F71, 0x0F72, 0x0F73, 0x0F75, 0x0F81, 0x0F74,
      0x1D157, 0x1D165, 0x1D15E, 0x16D67, 0x113C2, 0x2ADC, 0x212B, 0x0340, 0xFB2C,
      // Emoji, variation selectors, tags, odds and ends.
      0x1F469, 0x1F467, 0xFE0F, 0xE0061, 0xFFFD, 0xFFFF, 0x10FFFF, 0xE000, 0x0378, 0x2065};

  char32_t any() {
    if (random_() % 4 != 0) return kChosen[random_() % std::size(kChosen)];
    return static_cast<char32_t>(0x0900 + random_() % 0x0500);
  }

  std::mt19937 random_;
};

}  // namespace bhashatts::testing
