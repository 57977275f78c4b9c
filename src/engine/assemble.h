// From masters to a speech in the format that was asked for.
//
// Thread rule: pure functions.
#pragma once

#include <span>

#include "engine/shelf.h"

namespace bhashatts::engine {

// Raises not_supported for a format that this version does not make: asked before anything is made.
void require_encodable(AudioFormat format);

// Joins the masters in order. Raises not_supported for a format that cannot be encoded.
CacheEntry assemble(const Key& speech_key, AudioFormat format, std::span<const Master> masters);

}  // namespace bhashatts::engine
