// Where in a piece of audio the speech is, and how loud: what joining needs to know.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>

#include "audio/codec.h"

namespace bhashatts::audio {

struct SpeechLevel {
  std::size_t begin = 0;  // the speech in samples, to 5 ms; both 0 where there is none
  std::size_t end = 0;
  double dbfs = -120;  // RMS of what is spoken, without the pauses between words
};

SpeechLevel speech_level(const Pcm& pcm);

}  // namespace bhashatts::audio
