// From the utterances of a page to one sound: even in loudness, without clicks, with pauses.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "audio/codec.h"

namespace bhashatts::audio {

struct Part {
  const Pcm* pcm = nullptr;
  std::int64_t pause_after_ms = 0;
};

struct Joined {
  Pcm pcm;
  // Where each part begins and ends in it, in samples: begin[i] to end[i], then the pause after it
  // to begin[i + 1]. The last end is the length, less the last pause.
  struct Place {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<Place> places;
};

// Parts of one rate keep their length to the sample; where rates differ, all get the highest one.
// The silence that a voice leaves around an utterance is cut down to at most 40 ms on each side, so
// that the pauses are as long as they are meant to be; a single part without pause is returned as
// it is, sample for sample. Every part gets the middle level of all of them, by 9 dB at most and
// without clipping; its first and last 5 ms are faded. Raises bad_audio for no parts, one without
// samples or with a rate that is not supported, a pause below zero, or where the sound would be
// over an hour.
Joined join(std::span<const Part> parts);

}  // namespace bhashatts::audio
