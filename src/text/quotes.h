// Which quotes are open on a line, and whether the next one closes: by its form where that can be
// trusted (” without a blank before it), else by the blanks around it, else by what is open.
// Printed stories type “ for ”, " for both, and leave out or add blanks.
//
// Thread rule: a value; one thread.
#pragma once

#include "text/marks.h"

namespace bhashatts::text {

class Quotes {
 public:
  void reset() { *this = {}; }

  // Of a quote right behind the end of a sentence, or a blank after it. `gap_after`: a blank, the
  // line's end or punctuation follows; `line_ends`: nothing else does.
  bool closes_sentence(Mark quote, bool gap_before, bool gap_after, bool line_ends) const {
    const bool open = is_open(quote);
    const bool by_form = quote == Mark::close_quote || quote == Mark::close_single;
    if (gap_before) return gap_after && (open || line_ends || quote == Mark::close_quote);
    if (by_form || line_ends) return true;
    if (quote == Mark::open_quote || quote == Mark::open_single) return open;
    return gap_after || open;
  }

  // Any other quote on the way.
  void pass(Mark quote, bool gap_before, bool gap_after) {
    bool& open = is_single(quote) ? single_ : double_;
    if (gap_before && gap_after) {
      open = !open && quote != Mark::close_quote && quote != Mark::close_single;
    } else if (gap_before || gap_after) {
      // An apostrophe at a word's end closes nothing that is not open: no harm.
      open = gap_before;
    } else if (!is_single(quote)) {
      open = quote == Mark::open_quote || (quote == Mark::quote && !open);
    }
  }

  void close(Mark quote) { (is_single(quote) ? single_ : double_) = false; }

 private:
  bool is_open(Mark quote) const { return is_single(quote) ? single_ : double_; }

  bool double_ = false;
  bool single_ = false;
};

}  // namespace bhashatts::text
