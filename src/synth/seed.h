// A seed for one take: the same take sounds the same wherever it is made.
//
// Thread rule: a pure function.
#pragma once

#include <cstdint>

#include "bhashatts/synthesizer.h"

namespace bhashatts::synth {

// 0 to 2^31 - 1 (some servers hold seeds in 32 bits with a sign). Follows from text, description
// and take, and from the attempt: the seed of speech that the gate refused would make it again.
std::int64_t seed_of(const SynthesisRequest& request);

}  // namespace bhashatts::synth
