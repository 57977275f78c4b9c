// Samples as a list of numbers, which is how Hugging Face's toolkit answers where nobody gave it a
// handler of its own.
//
// Thread rule: pure functions.
#pragma once

#include "bhashatts/bytes.h"
#include "synth/json_path.h"

namespace bhashatts::synth {

// Whether a list is samples: numbers (or null, which some write for NaN), however many lists of one
// they are wrapped in, each alone or all together.
bool holds_samples(const Json& list);

// beside: the object that has their sampling_rate.
// Floats are from -1 to 1, and cut there; whole numbers beyond are 16-bit samples.
// Raises bad_audio for a missing rate, a number that is not finite, and two channels.
SharedBytes wav_of(const Json& list, const Json& beside);

}  // namespace bhashatts::synth
