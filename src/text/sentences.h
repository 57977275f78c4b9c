// Where sentences, lines and paragraphs end, whatever their length: the first half of utterances().
//
// The rules, in the order in which they are asked:
//  - A line break ends a line, two a paragraph. So a heading is a line like any other.
//  - ? ! danda . and … end a sentence, with all end marks, closing quotes and brackets and emoji
//    behind them. Opening ones belong to the next sentence. No blank has to follow.
//  - A single dot does not in a decimal, behind a number that begins a line or sentence ("1."), in
//    an address (example.com) and behind a listed abbreviation or letter (abbreviations.h).
//  - Nor does any where a comma, semicolon or colon follows; where only end marks, quotes and
//    brackets precede; within brackets that a sentence holds; where a Latin sentence goes on in
//    lower case; before a word that quotes (என்று, എന്ന്, అని).
//  - An ellipsis does not within a word (हम्म...तो), nor behind a single one (म... म... मुझे): a
//    sound, a stammer.
//  - ? ! … in quotes do not, where the clause that says who speaks follows on the line. Danda and
//    full stop do; but such a clause, if short, is later joined to its quote (`trails`).
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/utterances.h"

namespace bhashatts::text {

// Weight in aksharas, in thousandths: whole numbers add up alike in any order. What no double holds
// exactly counts one more, so that a sum of doubles is never over a limit that this one keeps.
using Weight = std::int64_t;
inline constexpr Weight kAkshara = 1000;

// What is known of a weight from reading past: enough for most sentences, so that a page of a story
// is split in 0.6 of the time that weighing it takes.
struct WeightBounds {
  Weight least = 0;
  Weight most = 0;
};

struct Piece {
  std::size_t begin = 0;  // of what is spoken
  std::size_t end = 0;
  Boundary after = Boundary::end;
  bool trails = false;  // says who spoke the sentence before it
  WeightBounds bounds;
};

struct Sentences {
  std::vector<Piece> pieces;
  std::vector<std::size_t> clauses;  // begin within a piece: where to cut a long one, ascending
  std::size_t looked_at = 0;         // code points, and bytes of words: tests hold it linear
};

Sentences sentences(std::string_view text, std::string_view language);

}  // namespace bhashatts::text
