// From masters to a speech in the format that was asked for.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <span>

#include "engine/shelf.h"

namespace bhashatts::engine {

// Joins the masters in order, with the pause behind each in ms (missing ones are 0).
CacheEntry assemble(const Key& speech_key, AudioFormat format, std::span<const Master> masters,
                    std::span<const std::int64_t> pauses);

// One master by itself in another format, as a stream gives it out; the key stays the master's.
CacheEntry piece_of(const Master& master, AudioFormat format);

}  // namespace bhashatts::engine
