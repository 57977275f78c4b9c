// The places of utterances as bytes, for all that keeps metadata: differences as varints, about
// five bytes an utterance.
//
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/audio.h"

namespace bhashatts {

// Of places in order, none before the one before it.
std::string pack_places(std::span<const UtterancePlace> places);
// Nothing for bytes that pack_places() did not write.
std::optional<std::vector<UtterancePlace>> unpack_places(std::string_view bytes);

}  // namespace bhashatts
