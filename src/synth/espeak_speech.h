// What espeak-ng is told: its voice, rate and pitch, and a text that it only reads out.
//
// This mapping decides how a speech sounds: whoever changes what it says for a request that
// worked before raises kEspeakIdentity, or kept speech would no longer be what its key names.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/synthesizer.h"

namespace bhashatts::synth {

// The revision is of our mapping, not of the program: an upgrade of the operating system must not
// throw a library away.
inline constexpr std::string_view kEspeakIdentity = "espeak-ng@1";

// espeak-ng's name of its voice for a language of the registry; nothing where it has none.
std::optional<std::string_view> espeak_voice(std::string_view language);

// Raises language_unknown and voice_style_unknown.
std::vector<std::string> espeak_arguments(const SynthesisRequest& request);

// The text without what espeak-ng would obey instead of reading.
std::string espeak_text(std::string_view spoken_text);

}  // namespace bhashatts::synth
