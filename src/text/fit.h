// Sentences of any length become utterances that a synthesizer says well: the second half of
// utterances().
//
// What weighs more than `most` is cut where a clause ends, else between words, else between the
// aksharas of the only word: nearest to where equal parts would end, a clause only where it leaves
// both sides `least`. What then weighs less than `least` joins a neighbour that has room: over the
// weakest boundary first, so that a paragraph is left only by one that is short as a whole; forward
// (वाह! belongs to what follows) but for a clause that says who spoke, and at the end of a line.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "text/sentences.h"
#include "text/utterances.h"

namespace bhashatts::text {

// Joined pieces span what was between them. `looked_at` of `found` grows.
std::vector<Piece> fit(std::string_view text, Sentences& found, const SplitOptions& options);

}  // namespace bhashatts::text
