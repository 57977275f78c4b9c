// From a speech's places to timings of the text as it was sent.
//
// Thread rule: pure functions.
#pragma once

#include <span>
#include <string_view>

#include "bhashatts/audio.h"
#include "bhashatts/timings.h"
#include "text/utterances.h"

namespace bhashatts::engine {

// sent: what spoken_text() made `spoken` of; utterances: of `spoken`, as many as there are places.
Timings timings_of(std::string_view sent, std::string_view spoken,
                   std::span<const text::TextUtterance> utterances, const AudioMetadata& speech);

}  // namespace bhashatts::engine
