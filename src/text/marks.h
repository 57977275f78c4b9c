// What a code point is to the division of a text into sentences, and between which bounds its
// weight in aksharas lies.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/characters.h"
#include "text/utf8.h"

namespace bhashatts::text {

enum class Mark : std::uint8_t {
  word,           // letters, their marks, and all that has no role below
  digit,          // of any Indian script
  blank,          //
  newline,        //
  question,       // ? ! and their kin: end a sentence, though perhaps only a quoted one
  danda,          // danda, double danda, Urdu's full stop
  dot,            // . which may be any of many things
  ellipsis,       //
  comma,          // , ; :
  dash,           // en and em dash
  hyphen,         //
  open_bracket,   //
  close_bracket,  //
  open_quote,     // that leans to what follows; often typed for the other one
  close_quote,    //
  quote,          // " that does not lean
  open_single,    //
  close_single,   // apostrophe too
  single,         // ' likewise
};

Mark rare_mark(char32_t c) noexcept;

// Where nearly every code point of a page falls, without a call.
inline Mark mark_of(char32_t c) noexcept {
  if (c < 0x0900 || c >= 0x0E00) return rare_mark(c);
  if (c == kDanda || c == kDoubleDanda) return Mark::danda;
  return (c & 0x7F) >= 0x66 && (c & 0x7F) <= 0x6F ? Mark::digit : Mark::word;
}

// Behind the end stands a newline.
inline Mark mark_at(std::string_view text, std::size_t at) {
  return at < text.size() ? mark_of(decode(text, at)) : Mark::newline;
}

constexpr bool ends(Mark mark) noexcept { return mark >= Mark::question && mark <= Mark::ellipsis; }

constexpr bool is_gap(Mark mark) noexcept { return mark == Mark::blank || mark == Mark::newline; }

constexpr bool is_quote(Mark mark) noexcept { return mark >= Mark::open_quote; }

constexpr bool is_single(Mark mark) noexcept { return mark >= Mark::open_single; }

// Whether `c` belongs to the character before it: no text may be cut in front of it.
bool extends(char32_t c) noexcept;

// Emoji, and what only occurs within them.
bool is_pictograph(char32_t c) noexcept;

}  // namespace bhashatts::text
