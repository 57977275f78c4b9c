// Whether audio sounds like the sounds that were expected of it.
//
// No recogniser: the expected sounds, as rough levels in three bands, are laid along the audio with
// some give (dynamic time warping in a narrow band), and so are decoys: the same sounds begun at a
// quarter, half and three quarters, and backwards. A text lies better on its own speech than its
// decoys do; on anybody else's it lies as badly. The decoys make the measure one of the audio and
// the text alone: loudness, microphone and voice weigh the same on both sides.
//
// Measured on 2,029 pages of espeak-ng in six languages: 0.20 (Malayalam) to 0.31 (Telugu) at the
// median for a page and its own audio, 0.01 with a deviation of 0.35 / sqrt(sounds) for the audio
// of the next page. A page of 14 s takes 0.3 ms.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <optional>
#include <span>

#include "audio/loudness.h"
#include "base/sound.h"

namespace bhashatts::audio {

// By how much the expected sounds lie better on the audio than their decoys, as a share of the
// decoys' misfit: about 0 for other speech, 0.1 to 0.4 for the right one. Nothing where there is
// too little to compare.
std::optional<double> likeness(const Loudness& heard, std::span<const Sound> expected);

}  // namespace bhashatts::audio
