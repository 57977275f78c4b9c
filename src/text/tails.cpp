#include "text/tails.h"

#include "text/utf8.h"

namespace bhashatts::text {
namespace {

void count_end(Tail& tail, Mark mark) {
  tail.asks |= mark == Mark::question;
  tail.danda |= mark == Mark::danda;
  tail.ellipsis |= mark == Mark::ellipsis;
  tail.dots += mark == Mark::dot ? 1 : 0;
}

}  // namespace

Tail TailReader::read(std::size_t begin) {
  Tail tail;
  take_ends(tail, begin);
  while (tail.end < text_.size() && extend_tail(tail)) {
  }
  return tail;
}

// One more run, with or without a blank before it.
bool TailReader::extend_tail(Tail& tail) {
  const bool gap = text_[tail.end] == ' ';
  const std::size_t from = tail.end + (gap ? 1 : 0);
  if (from >= text_.size()) return false;
  const Mark mark = mark_at(text_, from);
  if (ends(mark)) {
    if (!take_ends(tail, from)) return false;
    tail.closes_inner = false;
    return true;
  }
  if (mark == Mark::close_bracket || is_quote(mark)) return take_closer(tail, from, gap);
  return mark == Mark::word && take_emoji(tail, from);
}

// A run of end marks. Behind a blank, one that a word follows at once begins the next sentence:
// ...and then. The first run of all is taken in any case.
bool TailReader::take_ends(Tail& tail, std::size_t from) {
  Tail longer = tail;
  std::size_t at = from;
  while (at < text_.size()) {
    const std::size_t begin = at;
    const char32_t c = decode(text_, at);
    const Mark mark = mark_of(c);
    ++looked_at_;
    if (!ends(mark) && !extends(c)) {
      const bool gap = tail.end > 0 && from > tail.end;
      if (gap && (mark == Mark::word || mark == Mark::digit)) return false;
      at = begin;
      break;
    }
    if (ends(mark)) count_end(longer, mark);
  }
  longer.after_closing = tail.end > 0;
  longer.end = at;
  tail = longer;
  return true;
}

bool TailReader::take_closer(Tail& tail, std::size_t from, bool gap) {
  std::size_t at = from;
  const Mark mark = mark_of(decode(text_, at));
  if (mark == Mark::close_bracket) {
    tail.closes_inner = depth_ > 0;
    depth_ -= depth_ > 0 ? 1 : 0;
  } else {
    const Mark next = mark_at(text_, at);
    const bool gap_after = next != Mark::word && next != Mark::digit;
    if (!quotes_.closes_sentence(mark, gap, gap_after, next == Mark::newline)) return false;
    quotes_.close(mark);
    tail.closes_quote = true;
  }
  tail.after_closing = true;
  tail.end = behind_extenders(at);
  return true;
}

std::size_t TailReader::behind_extenders(std::size_t at) const {
  std::size_t end = at;
  while (at < text_.size() && extends(decode(text_, at))) end = at;
  return end;
}

bool TailReader::take_emoji(Tail& tail, std::size_t from) {
  std::size_t at = from;
  if (!is_pictograph(decode(text_, at))) return false;
  std::size_t end = at;
  for (; at < text_.size() && is_pictograph(decode(text_, at)); end = at) ++looked_at_;
  tail.end = end;
  tail.after_closing = true;
  return true;
}

}  // namespace bhashatts::text
