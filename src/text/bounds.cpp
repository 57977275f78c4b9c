#include "text/bounds.h"

#include "text/letters.h"

namespace bhashatts::text {
namespace {

constexpr std::int16_t kDigit = 2500;
constexpr std::int16_t kOne = kAkshara;
constexpr char32_t kDotReph = 0x0D4E;  // a letter that joins the next one

}  // namespace

BoundsCounter::Share BoundsCounter::derive(char32_t c) {
  if (is_digit(c)) return {kDigit, kDigit};
  if (is_virama(c)) return {-kOne, 0};
  if (!is_letter(c)) return {0, 0};
  return is_chillu(c) || c == kDotReph ? Share{0, kOne} : Share{kOne, kOne};
}

const BoundsCounter::Shares& BoundsCounter::shares() {
  static const Shares made = [] {
    Shares all{};
    for (char32_t c = kFirstIndic; c < kPastIndic; ++c) all[c - kFirstIndic] = derive(c);
    return all;
  }();
  return made;
}

// A Latin letter weighs nothing in a word with enough vowels.
void BoundsCounter::add_ascii(char32_t c) {
  if (c >= '0' && c <= '9') {
    least_ += kDigit;
    most_ += kDigit;
  } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') {
    most_ += kAkshara;
  }
}

void BoundsCounter::add_other(char32_t c) {
  if (c >= 0x2000 && c < 0x2070) return;  // punctuation
  lost_ = true;
  most_ += is_digit(c) ? kDigit : kAkshara;
}

}  // namespace bhashatts::text
