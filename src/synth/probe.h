// How status() asks: one GET that costs nothing, and every failure turned into a state.
//
// Thread rule: any thread.
#pragma once

#include <functional>
#include <string>

#include "bhashatts/synthesizer.h"
#include "net/http.h"
#include "synth/attempt.h"

namespace bhashatts::synth {

// Runs `check`, which raises when the synthesizer is not ready. Raises nothing itself.
SynthesizerStatus status_by(const std::string& model, const std::function<void()>& check) noexcept;

// One GET within 10 s, with the token where `url` is of the target's home or `is_home`. Any status
// is a reply. Raises Error where none came.
net::HttpReply probe(const Target& target, const std::string& url, bool is_home = false);

}  // namespace bhashatts::synth
