// One pass reads, checks, drops and unifies; NFC and the folds touch only what needs them.
//
// A new spelling of audio that is there already passes here on its way to a hit, so it counts: 1.3
// to 1.8 us for a page of 153 characters, where utf8proc's NFC alone takes 4.0. The reader proves,
// character by character, that NFC would change nothing: it keeps the last starter that nothing
// before it can affect (`segment_`) and whether anything doubtful followed (`doubtful_`); only then
// does that stretch go through the Composer. Tests hold the result against NFC of the whole text,
// over every pair of Indic characters among others.
//
// What is dropped is dropped before NFC, so that a pair which only an invisible character kept
// apart composes; the folds come after it and keep NFC. Therefore a second pass changes nothing.
//
// Joiners (ZWJ, ZWNJ). In the marks behind a letter, a joiner that follows a virama is dropped in
// Devanagari, Gujarati and Telugu, whatever stands between the two, and kept in all other scripts,
// at the end of a word too. A joiner elsewhere is kept only between two visible characters of a
// word (emoji, Urdu); at a word's beginning or end, or directly behind another joiner, it joins
// nothing.
//
// Line breaks. One newline is a verse break, two or more a paragraph. An LF directly behind U+2028
// or U+2029 belongs to it, as behind CR: of the 2,423 such characters in our corpus of printed
// children's stories 2,108 stand before an LF, once a line, and no page there has an empty line.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "bhashatts/error.h"
#include "bhashatts/text.h"
#include "text/characters.h"
#include "text/compose.h"
#include "text/folds.h"
#include "text/utf8.h"

namespace bhashatts {
namespace text {
namespace {

enum class Break : std::uint8_t { none, blank, line, paragraph };

[[noreturn]] void raise_control(std::string_view text, char32_t c, std::size_t position) {
  require_utf8(text, position);  // where both are wrong, the bytes are what to mend first
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string number = "U+00";
  number += kHex[c >> 4];
  number += kHex[c & 0xF];
  throw Error(ErrorCode::text_control, "the text has the control character " + number +
                                           " at byte " + std::to_string(position) +
                                           "; only line breaks and tabs are allowed: remove it");
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) { out_.reserve(text.size()); }

  // The whole text, normalised. To be called once.
  std::u32string read();
  bool saw_visible() const { return visible_; }

 private:
  void take(char32_t c, std::size_t at);
  void plain(char32_t c);
  void nukta(char32_t c);
  void virama(char32_t c);
  void second(char32_t c);
  void careful(char32_t c);
  void joiner(char32_t c);
  void newline();
  void skip_lf() { position_ += position_ < text_.size() && text_[position_] == '\n' ? 1 : 0; }

  void open();
  void start(char32_t c);
  void settle();
  void fold();

  std::string_view text_;
  const Characters& characters_ = Characters::get();
  std::size_t position_ = 0;
  std::u32string out_;
  Composer composer_;

  Break break_ = Break::none;  // owed before the next visible character
  char32_t joiner_ = 0;        // owed likewise, unless a blank comes first
  bool visible_ = false;

  std::size_t segment_ = 0;  // out_ before it is NFC and stays so
  bool doubtful_ = false;    // whether out_ from there on may not be
  int class_ = 0;            // combining class of the last character; undefined when doubtful
  char32_t virama_ = 0;      // the last virama among the marks behind the last starter

  bool has_bar_ = false;
  bool has_danda_pair_ = false;
  bool has_malayalam_ = false;
};

std::u32string Reader::read() {
  while (position_ < text_.size()) {
    const std::size_t at = position_;
    const char32_t c = decode(text_, position_);
    take(c, at);
  }
  settle();
  fold();
  return std::move(out_);
}

void Reader::take(char32_t c, std::size_t at) {
  switch (characters_.kind(c)) {
    case Kind::plain: plain(c); break;
    case Kind::nukta: nukta(c); break;
    case Kind::virama: virama(c); break;
    case Kind::second: second(c); break;
    case Kind::careful: careful(c); break;
    case Kind::joiner: joiner(c); break;
    case Kind::blank: break_ = break_ == Break::none ? Break::blank : break_; break;
    case Kind::newline_taking_lf: skip_lf(); [[fallthrough]];
    case Kind::newline: newline(); break;
    case Kind::dropped: break;
    case Kind::control: raise_control(text_, c, at);
    case Kind::bar:
      has_bar_ = true;
      plain(c);
      break;
    case Kind::danda:
      has_danda_pair_ |= !out_.empty() && out_.back() == kDanda;
      plain(c);
      break;
  }
}

void Reader::newline() { break_ = break_ < Break::line ? Break::line : Break::paragraph; }

// Something visible comes: pays what is owed before it.
void Reader::open() {
  visible_ = true;
  if (break_ != Break::none) {
    const Break owed = break_;
    break_ = Break::none;
    joiner_ = 0;
    if (out_.empty()) return;
    start(owed == Break::blank ? U' ' : U'\n');
    if (owed == Break::paragraph) start(U'\n');
  } else if (joiner_ != 0) {
    start(joiner_);
    joiner_ = 0;
  }
}

// A starter that nothing before it can affect.
void Reader::start(char32_t c) {
  settle();
  segment_ = out_.size();
  out_.push_back(c);
  class_ = 0;
  virama_ = 0;
}

void Reader::settle() {
  if (!doubtful_) return;
  composer_.compose_tail(out_, segment_);
  doubtful_ = false;
}

void Reader::plain(char32_t c) {
  open();
  start(c);
}

void Reader::nukta(char32_t c) {
  open();
  doubtful_ |= class_ > 7 || (!out_.empty() && composes_with_nukta(out_.back()));
  out_.push_back(c);
  class_ = 7;
}

void Reader::virama(char32_t c) {
  open();
  has_malayalam_ |= c == kMalayalamVirama && !out_.empty() && out_.back() == kMalayalamChilluN;
  out_.push_back(c);
  class_ = 9;
  virama_ = c;
}

void Reader::second(char32_t c) {
  open();
  if (!doubtful_ && (out_.empty() || !composes_with_second(out_.back()))) {
    start(c);
    return;
  }
  doubtful_ = true;
  out_.push_back(c);
  virama_ = 0;
}

void Reader::careful(char32_t c) {
  const bool visible = visible_ || !is_ignorable(c);
  open();
  visible_ = visible;
  if (combining_class(c) == 0) virama_ = 0;
  doubtful_ = true;
  out_.push_back(c);
}

void Reader::joiner(char32_t c) {
  const bool joins = joiner_ == 0 && break_ == Break::none && !out_.empty();
  if (!joins || is_joiner(out_.back())) return;
  if (virama_ == 0) {
    joiner_ = c;
  } else if (!drops_joiner(virama_)) {
    has_malayalam_ |= virama_ == kMalayalamVirama && c == kZwj;
    start(c);
  }
}

void Reader::fold() {
  if (has_malayalam_) fold_malayalam(out_);
  if (has_bar_) fold_bars(out_);
  if (has_bar_ || has_danda_pair_) fold_double_dandas(out_);
}

void require_short(std::size_t code_points) {
  if (code_points <= kMaxTextCodePoints) return;
  throw Error(ErrorCode::text_too_long,
              "the text has " + std::to_string(code_points) + " characters, more than " +
                  std::to_string(kMaxTextCodePoints) + "; send it in parts");
}

void require_few_bytes(std::size_t bytes) {
  if (bytes <= kMaxTextBytes) return;
  throw Error(ErrorCode::text_too_long, "the text has " + std::to_string(bytes) +
                                            " bytes, more than " + std::to_string(kMaxTextBytes) +
                                            "; send it in parts");
}

}  // namespace
}  // namespace text

std::string spoken_text(std::string_view text) {
  text::require_few_bytes(text.size());
  text::Reader reader(text);
  const std::u32string spoken = reader.read();
  if (!reader.saw_visible()) {
    throw Error(ErrorCode::text_empty, "the text has nothing to speak: send at least one letter");
  }
  text::require_short(spoken.size());
  return text::encode(spoken);
}

}  // namespace bhashatts
