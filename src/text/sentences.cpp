// One pass over the code points. Where an end mark stands, its whole tail is read (more end marks,
// closing quotes and brackets, emoji) and then decided on once. What is looked at ahead lies before
// the next end mark, so that the work is linear in the text.
#include "text/sentences.h"

#include "text/bounds.h"
#include "text/dots.h"
#include "text/marks.h"
#include "text/quotes.h"
#include "text/reporting.h"
#include "text/tails.h"
#include "text/utf8.h"

namespace bhashatts::text {
namespace {

class Finder {
 public:
  Finder(std::string_view text, std::string_view language) : text_(text), dots_(text, language) {}

  Sentences find();

 private:
  void step();
  void take_word(char32_t c, std::size_t begin, Mark mark);
  void take_newline();
  void take_end(std::size_t begin);
  void take_open_bracket();
  void take_close_bracket();
  void take_quote(Mark quote, std::size_t begin);
  void take_comma(std::size_t begin);
  void take_dash(Mark mark, std::size_t begin);

  bool ends_sentence(const Tail& tail, std::size_t next);
  bool goes_on_in_latin(std::size_t next) const;
  bool extends_at(std::size_t at) const { return extends(decode(text_, at)); }

  void cut(std::size_t end, std::size_t next, Boundary after);
  void add_clause(std::size_t at);
  void begin_stretch() { stretch_ = word_ = at_; }
  bool is_one_word(std::size_t end) const;
  Mark mark_at(std::size_t at) const { return text::mark_at(text_, at); }
  bool gap_at(std::size_t at) const { return is_gap(mark_at(at)); }
  bool gap_before(std::size_t at) const;
  bool closes_on_line(std::size_t from);

  std::string_view text_;
  Dots dots_;
  Quotes quotes_;
  BoundsCounter bounds_;
  Sentences found_;

  std::size_t at_ = 0;
  std::size_t piece_ = 0;         // where the sentence begins
  std::size_t first_word_ = 0;    // behind quotes and brackets
  std::size_t stretch_ = 0;       // behind the last mark of any kind
  std::size_t word_ = 0;          // where the word begins, behind any dot in it
  std::size_t visible_end_ = 0;   // behind the last that is no blank
  std::size_t bracket_seen_ = 0;  // up to where closing brackets were looked for
  bool bracket_found_ = false;
  int depth_ = 0;         // of brackets that the sentence holds
  bool content_ = false;  // the sentence has more than punctuation
  bool trails_ = false;
  bool latin_ = false;  // the last letter
};

Sentences Finder::find() {
  while (at_ < text_.size()) step();
  if (visible_end_ > piece_) cut(visible_end_, text_.size(), Boundary::end);
  if (!found_.pieces.empty()) found_.pieces.back().after = Boundary::end;
  found_.looked_at += text_.size();
  return std::move(found_);
}

void Finder::step() {
  const std::size_t begin = at_;
  const char32_t c = decode(text_, at_);
  const Mark mark = mark_of(c);
  if (!is_gap(mark)) visible_end_ = at_;
  switch (mark) {
    case Mark::word:
    case Mark::digit: take_word(c, begin, mark); break;
    case Mark::blank: word_ = at_; break;
    case Mark::newline: take_newline(); break;
    case Mark::question:
    case Mark::danda:
    case Mark::dot:
    case Mark::ellipsis: take_end(begin); break;
    case Mark::comma: take_comma(begin); break;
    case Mark::dash:
    case Mark::hyphen: take_dash(mark, begin); break;
    case Mark::open_bracket: take_open_bracket(); break;
    case Mark::close_bracket: take_close_bracket(); break;
    default: take_quote(mark, begin); break;
  }
}

void Finder::take_word(char32_t c, std::size_t begin, Mark mark) {
  if (!content_) {
    content_ = true;
    first_word_ = word_ = begin;
  }
  if (mark == Mark::word) latin_ = c < 0x250;
  bounds_.add(c);
}

void Finder::take_newline() {
  const bool paragraph = at_ < text_.size() && text_[at_] == '\n';
  while (at_ < text_.size() && gap_at(at_)) ++at_;
  cut(visible_end_, at_, paragraph ? Boundary::paragraph : Boundary::line);
  quotes_.reset();
}

void Finder::take_comma(std::size_t begin) {
  begin_stretch();
  std::size_t end = at_;
  if (end < text_.size() && is_quote(mark_at(end))) {
    std::size_t behind = end;
    const Mark quote = mark_of(decode(text_, behind));
    if (quotes_.closes_sentence(quote, false, gap_at(behind), false)) end = behind;
  }
  const bool parts_letters = begin > 0 && mark_at(end) == Mark::word && !latin_;
  if (gap_at(end) || end > at_ || parts_letters) add_clause(end);
}

void Finder::take_dash(Mark mark, std::size_t begin) {
  word_ = at_;
  if (gap_at(at_) && (mark == Mark::dash || gap_before(begin))) add_clause(at_);
}

void Finder::take_open_bracket() {
  begin_stretch();
  if (content_ && closes_on_line(at_)) ++depth_;
}

void Finder::take_close_bracket() {
  begin_stretch();
  depth_ -= depth_ > 0 ? 1 : 0;
}

void Finder::take_quote(Mark quote, std::size_t begin) {
  const bool gap_after = at_ >= text_.size() || mark_at(at_) != Mark::word;
  quotes_.pass(quote, gap_before(begin), gap_after);
  begin_stretch();
}

void Finder::take_end(std::size_t begin) {
  Tail tail = TailReader(text_, quotes_, depth_, found_.looked_at).read(begin);
  tail.one_word = tail.is_suspension() && is_one_word(begin);
  found_.looked_at += tail.is_suspension() ? begin - stretch_ : 0;
  const std::size_t word = word_;
  at_ = visible_end_ = tail.end;
  begin_stretch();
  std::size_t next = at_;
  while (next < text_.size() && mark_at(next) == Mark::blank) ++next;
  if (mark_at(next) == Mark::newline || !content_) return;
  if (tail.is_single_dot() && dots_.is_within(begin, word, first_word_)) return;
  if (!ends_sentence(tail, next)) {
    if (next > at_ || tail.closes_quote) add_clause(next);
    return;
  }
  const bool trails = tail.closes_quote && is_reporting_clause(text_, next, found_.looked_at);
  cut(at_, next, Boundary::sentence);
  trails_ = trails;
}

bool Finder::ends_sentence(const Tail& tail, std::size_t next) {
  const Mark mark = mark_at(next);
  if (mark == Mark::comma || tail.closes_inner) return false;
  if (depth_ > 0 && closes_on_line(next)) return false;
  if (tail.is_suspension() && !tail.after_closing && next == tail.end) return false;
  if (tail.one_word || (!tail.danda && goes_on_in_latin(next))) return false;
  if (mark == Mark::word && (extends_at(next) || begins_with_quotative(text_, next))) return false;
  if (!tail.closes_quote || tail.danda || tail.is_single_dot()) return true;
  return !is_reporting_clause(text_, next, found_.looked_at);
}

// Of the stretch that ends at `end`.
bool Finder::is_one_word(std::size_t end) const {
  std::string_view words = text_.substr(stretch_, end - stretch_);
  if (words.starts_with(' ')) words.remove_prefix(1);
  if (words.ends_with(' ')) words.remove_suffix(1);
  return words.find(' ') == std::string_view::npos;
}

bool Finder::goes_on_in_latin(std::size_t next) const {
  return latin_ && next < text_.size() && text_[next] >= 'a' && text_[next] <= 'z';
}

void Finder::cut(std::size_t end, std::size_t next, Boundary after) {
  found_.pieces.push_back({piece_, end, after, trails_, bounds_.take()});
  piece_ = word_ = stretch_ = next;
  depth_ = 0;
  content_ = trails_ = false;
}

void Finder::add_clause(std::size_t at) {
  if (at < text_.size() && text_[at] == ' ') ++at;
  const bool grows = found_.clauses.empty() || found_.clauses.back() < at;
  if (grows && at < text_.size()) found_.clauses.push_back(at);
}

bool Finder::gap_before(std::size_t at) const {
  if (at == 0) return true;
  const char before = text_[at - 1];
  return before == ' ' || before == '\n' || before == '(' || before == '[';
}

// Each stretch of text is searched once.
bool Finder::closes_on_line(std::size_t from) {
  if (bracket_seen_ > from) return bracket_found_;
  bracket_found_ = false;
  for (bracket_seen_ = from; bracket_seen_ < text_.size(); ++bracket_seen_) {
    const char c = text_[bracket_seen_];
    ++found_.looked_at;
    bracket_found_ = c == ')' || c == ']' || c == '}';
    if (bracket_found_ || c == '\n') break;
  }
  return bracket_found_;
}

}  // namespace

Sentences sentences(std::string_view text, std::string_view language) {
  return Finder(text, language).find();
}

}  // namespace bhashatts::text
