// A piece that is too long, cut into parts that are not.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "text/sentences.h"

namespace bhashatts::text {

// Appends the parts of `piece`, each of at most `most` unless it is a single akshara. `clauses` are
// those of the text.
void divide(std::string_view text, const Piece& piece, std::span<const std::size_t> clauses,
            Weight most, Weight least, std::vector<Piece>& parts);

}  // namespace bhashatts::text
