// The formats that are derived for slow networks and old players; encode() is their one door.
//
// Thread rule: pure functions; any thread.
#pragma once

#include "audio/codec.h"
#include "bhashatts/bytes.h"

namespace bhashatts::audio {

// Both take what encode() has checked: samples, at a supported rate.
SharedBytes encode_opus(const Pcm& pcm);
SharedBytes encode_mp3(const Pcm& pcm);

}  // namespace bhashatts::audio
