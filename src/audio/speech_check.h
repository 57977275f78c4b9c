// Whether samples can be speech at all, whatever the text and the voice.
//
// The limits are wide: each is far from what espeak-ng does on 2,000 pages, leaves room for breath,
// rooms and hard peaks, and lies near what is broken. What depends on a text or a voice is judged
// elsewhere (engine/voice_pace.h), by what that voice does.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <optional>
#include <string>

#include "audio/codec.h"
#include "audio/loudness.h"

namespace bhashatts::audio {

// What is wrong, for people ("is silent"); nothing when nothing is. heard: loudness(pcm).
std::optional<std::string> fault_of_speech(const Pcm& pcm, const Loudness& heard);

// The last 20 ms against the loud part, in decibels.
float ending_level(const Pcm& pcm, const Loudness& heard);

// Each alone.
bool is_too_short(const Pcm& pcm);
bool is_silent(const Pcm& pcm, const Loudness& heard);
bool is_clipped(const Pcm& pcm);
bool is_noise(const Loudness& heard);
bool ends_loudly(const Pcm& pcm, const Loudness& heard);

}  // namespace bhashatts::audio
