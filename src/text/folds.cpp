// Why one pass over a finished text rather than rules inside the reader: each fold needs to look
// ahead, and on most pages none has anything to do, which the reader notices for nothing.
#include "text/folds.h"

#include <cstddef>

#include "text/characters.h"
#include "text/script.h"

namespace bhashatts::text {
namespace {

enum class Side { none, indic, foreign };

Side side_of(char32_t c) {
  const Script script = script_of(c);
  if (script == Script::common) return Side::none;
  return is_indic(script) ? Side::indic : Side::foreign;
}

void bars_to_dandas(std::u32string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    if (text[i] == U'|') text[i] = kDanda;
  }
}

char32_t chillu_of(char32_t base) {
  switch (base) {
    case 0x0D23: return 0x0D7A;  // nn
    case 0x0D28: return kMalayalamChilluN;
    case 0x0D30: return 0x0D7C;  // rr
    case 0x0D32: return 0x0D7D;  // l
    case 0x0D33: return 0x0D7E;  // ll
    case 0x0D15: return 0x0D7F;  // k
    default: return 0;
  }
}

// RRA at `i`, and no virama behind it.
bool ends_nta(const std::u32string& text, std::size_t i) {
  if (i >= text.size() || text[i] != kMalayalamRra) return false;
  return i + 1 == text.size() || text[i + 1] != kMalayalamVirama;
}

bool is_old_chillu(const std::u32string& text, std::size_t i) {
  return i + 2 < text.size() && text[i + 1] == kMalayalamVirama && text[i + 2] == kZwj &&
         chillu_of(text[i]) != 0;
}

// What is left: atomic chillus, CHILLU N virama RRA among them; NA virama ZWJ RRA is folded here,
// before its first three letters could pass for a chillu.
void fold_old_chillus(std::u32string& text) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_old_chillu(text, i)) {
      text[kept++] = text[i];
      continue;
    }
    if (text[i] == kMalayalamNa && ends_nta(text, i + 3)) {
      text[kept++] = kMalayalamNa;
      text[kept++] = kMalayalamVirama;
    } else {
      text[kept++] = chillu_of(text[i]);
    }
    i += 2;
  }
  text.resize(kept);
}

}  // namespace

void fold_bars(std::u32string& text) {
  Side left = Side::none;
  std::size_t gap = 0;  // begins behind the last letter or line break
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool line_ends = i == text.size() || text[i] == U'\n';
    const Side side = line_ends ? Side::none : side_of(text[i]);
    if (side == Side::none && !line_ends) continue;
    if (left == Side::indic && side != Side::foreign) bars_to_dandas(text, gap, i);
    left = side;
    gap = i + 1;
  }
}

void fold_double_dandas(std::u32string& text) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair = text[i] == kDanda && i + 1 < text.size() && text[i + 1] == kDanda;
    text[kept++] = pair ? kDoubleDanda : text[i];
    if (pair) ++i;
  }
  text.resize(kept);
}

void fold_malayalam(std::u32string& text) {
  fold_old_chillus(text);
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == kMalayalamChilluN && text[i + 1] == kMalayalamVirama && ends_nta(text, i + 2)) {
      text[i] = kMalayalamNa;
    }
  }
}

}  // namespace bhashatts::text
