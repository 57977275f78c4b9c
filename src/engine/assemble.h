// From masters to a speech in the format that was asked for.
//
// Thread rule: pure functions.
#pragma once

#include <span>

#include "engine/shelf.h"

namespace bhashatts::engine {

// The formats that this version makes.
bool can_encode(AudioFormat format) noexcept;

// Joins the masters in order. Raises not_supported for a format that cannot be encoded.
CacheEntry assemble(const Key& speech_key, AudioFormat format, std::span<const Master> masters);

}  // namespace bhashatts::engine
