#include "text/dots.h"

#include <algorithm>

#include "text/abbreviations.h"
#include "text/marks.h"
#include "text/utf8.h"

namespace bhashatts::text {
namespace {

constexpr std::size_t kLongestItemNumber = 12;  // bytes: four digits of an Indian script

char32_t before(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && (static_cast<unsigned char>(text[begin - 1]) & 0xC0) == 0x80) --begin;
  if (begin == 0) return '\n';
  --begin;
  return decode(text, begin);
}

bool is_lower(char32_t c) { return c >= 'a' && c <= 'z'; }

bool is_latin(char32_t c) { return is_lower(c | 0x20) || (c >= '0' && c <= '9'); }

}  // namespace

bool Dots::is_within(std::size_t dot, std::size_t word, std::size_t piece) {
  const bool within = is_number(dot, word, piece) || is_address(dot) || is_abbreviation(dot, word);
  if (within) chain_ = dot + 1;
  return within;
}

bool Dots::is_number(std::size_t dot, std::size_t word, std::size_t piece) const {
  const Mark left = mark_of(before(text_, dot));
  const bool digit_follows = mark_at(text_, dot + 1) == Mark::digit;
  if (left != Mark::digit) return is_gap(left) && digit_follows;
  if (digit_follows) return true;
  if (word != piece || dot - word > kLongestItemNumber) return false;
  for (std::size_t at = word; at < dot;) {
    if (mark_of(decode(text_, at)) != Mark::digit) return false;
  }
  return true;
}

bool Dots::is_address(std::size_t dot) const {
  std::size_t next = dot + 1;
  if (next >= text_.size() || !is_latin(before(text_, dot))) return false;
  return is_lower(decode(text_, next));
}

bool Dots::is_abbreviation(std::size_t dot, std::size_t word) const {
  const Abbreviation known = abbreviation(language_, text_.substr(word, dot - word));
  if (known.holds) return true;
  if (known.numbered && number_follows(dot)) return true;
  if (!known.chains) return false;
  const bool chained = chain_ > 0 && (word == chain_ || word == chain_ + 1);
  return chained || next_chains(dot);
}

// Over a blank only letters chain: टी. वी., but not गया सी. डॉ.
bool Dots::next_chains(std::size_t dot) const {
  const bool blank = mark_at(text_, dot + 1) == Mark::blank;
  const std::size_t from = dot + (blank ? 2 : 1);
  if (from >= text_.size()) return false;
  const std::string_view near = text_.substr(from, kLongestAbbreviation + 1);
  const std::size_t end = near.find('.');
  if (end == std::string_view::npos) return false;
  const Abbreviation next = abbreviation(language_, near.substr(0, end));
  return blank ? next.letter : next.chains;
}

bool Dots::number_follows(std::size_t dot) const {
  const bool blank = mark_at(text_, dot + 1) == Mark::blank;
  return mark_at(text_, dot + (blank ? 2 : 1)) == Mark::digit;
}

}  // namespace bhashatts::text
