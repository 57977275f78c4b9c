// The sounds that a text makes us expect, in order, pauses left out.
//
// Coarse on purpose: classes that any ear and any voice tell apart, not phonemes. What is not
// written (numbers, symbols) stands as a guess; whoever compares has to bear gaps anyway.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "base/sound.h"

namespace bhashatts::text {

// Linear in work. Raises text_not_utf8.
std::vector<Sound> sounds(std::string_view utf8);

}  // namespace bhashatts::text
