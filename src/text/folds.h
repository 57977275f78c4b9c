// Spellings that sound alike become one. Each works in place, in linear time, never makes a text
// longer and keeps it NFC.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <string>

namespace bhashatts::text {

// `|` typed for a danda becomes one where the nearest letter or mark before it on its line is of an
// Indic script, and the nearest after it is too or there is none up to the end of the line. Digits,
// punctuation, quotes and blanks between count for neither side: "कहा| 5" ends a sentence, "a | ब"
// and "क = |x|" keep their bars.
void fold_bars(std::u32string& text);

// Two dandas side by side become a double danda.
void fold_double_dandas(std::u32string& text);

// consonant + virama + ZWJ, the only spelling of a chillu before Unicode 5.1, becomes the atomic
// chillu. The cluster nta has three spellings: NA virama ZWJ RRA, CHILLU N virama RRA, and NA
// virama RRA. The third is kept: of 100 in our corpus 97 are written so, and it is the only one
// that espeak-ng reads right. CHILLU N RRA without a virama stays as it is, since it also spells
// n-r (Henry), and so does a RRA that goes on with a virama (the cluster tta).
void fold_malayalam(std::u32string& text);

}  // namespace bhashatts::text
