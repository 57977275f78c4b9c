// All that stands at the end of a sentence: end marks, closing quotes and brackets, emoji.
//
// Thread rule: values; one thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "text/marks.h"
#include "text/quotes.h"

namespace bhashatts::text {

// All that stands at the end of a sentence.
struct Tail {
  std::size_t end = 0;
  int dots = 0;
  bool asks = false;           // ? or !
  bool danda = false;          //
  bool ellipsis = false;       // the character
  bool closes_quote = false;   //
  bool closes_inner = false;   // a bracket within the sentence, and no end mark behind it
  bool after_closing = false;  // has an end mark, quote or emoji behind its first run of ends
  bool one_word = false;       // a suspension (...) behind a single word: a stammer, a sound

  bool is_suspension() const { return !asks && !danda && (ellipsis || dots > 1); }
  bool is_single_dot() const { return !asks && !danda && !ellipsis && dots == 1; }
};

class TailReader {
 public:
  // `depth` is that of the brackets which the sentence holds. It and `quotes` are kept up to date;
  // `looked_at` grows.
  TailReader(std::string_view text, Quotes& quotes, int& depth, std::size_t& looked_at)
      : text_(text), quotes_(quotes), depth_(depth), looked_at_(looked_at) {}

  // Of the sentence whose first end mark is at `begin`.
  Tail read(std::size_t begin);

 private:
  bool extend_tail(Tail& tail);
  bool take_ends(Tail& tail, std::size_t from);
  bool take_closer(Tail& tail, std::size_t from, bool gap);
  bool take_emoji(Tail& tail, std::size_t from);
  std::size_t behind_extenders(std::size_t at) const;

  std::string_view text_;
  Quotes& quotes_;
  int& depth_;
  std::size_t& looked_at_;
};

}  // namespace bhashatts::text
