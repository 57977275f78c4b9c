#include "text/marks.h"

#include <utf8proc.h>

namespace bhashatts::text {
namespace {

Mark ascii_mark(char32_t c) {
  switch (c) {
    case ' ':
    case '\t': return Mark::blank;
    case '\n': return Mark::newline;
    case '?':
    case '!': return Mark::question;
    case '.': return Mark::dot;
    case ',':
    case ';':
    case ':': return Mark::comma;
    case '-': return Mark::hyphen;
    case '(':
    case '[':
    case '{': return Mark::open_bracket;
    case ')':
    case ']':
    case '}': return Mark::close_bracket;
    case '"': return Mark::quote;
    case '\'': return Mark::single;
    default: return c >= '0' && c <= '9' ? Mark::digit : Mark::word;
  }
}

int bound_class(char32_t c) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->boundclass;
}

}  // namespace

Mark rare_mark(char32_t c) noexcept {
  if (c < 0x80) return ascii_mark(c);
  switch (c) {
    case 0x00AB: return Mark::open_quote;
    case 0x00BB: return Mark::close_quote;
    case 0x060C:
    case 0x061B: return Mark::comma;
    case 0x061F: return Mark::question;
    case 0x06D4: return Mark::danda;
    case 0x2010:
    case 0x2011: return Mark::hyphen;
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015: return Mark::dash;
    case 0x2018:
    case 0x201A:
    case 0x201B: return Mark::open_single;
    case 0x2019: return Mark::close_single;
    case 0x201C:
    case 0x201E:
    case 0x201F: return Mark::open_quote;
    case 0x201D: return Mark::close_quote;
    case 0x2026: return Mark::ellipsis;
    case 0x203C:
    case 0x2047:
    case 0x2048:
    case 0x2049: return Mark::question;
    default: return Mark::word;
  }
}

bool extends(char32_t c) noexcept {
  if (c < 0x0300) return false;
  const int kind = bound_class(c);
  return kind == UTF8PROC_BOUNDCLASS_EXTEND || kind == UTF8PROC_BOUNDCLASS_SPACINGMARK ||
         kind == UTF8PROC_BOUNDCLASS_ZWJ;
}

bool is_pictograph(char32_t c) noexcept {
  if (c < 0x2000) return false;
  const int kind = bound_class(c);
  return kind == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC ||
         kind == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR || extends(c);
}

}  // namespace bhashatts::text
