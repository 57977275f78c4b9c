// When what is heard: for a reader that highlights the words as they are spoken.
//
// Thread rule: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/export.h"

namespace bhashatts {

// A part of the text as it was sent, before any normalisation; end is behind the last one.
struct TextRange {
  std::uint32_t begin = 0;  // code points
  std::uint32_t end = 0;
  std::uint32_t begin_utf16 = 0;  // code units, as browsers count
  std::uint32_t end_utf16 = 0;

  bool operator==(const TextRange&) const = default;
};

struct Timing {
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  TextRange text;

  bool operator==(const Timing&) const = default;
};

// Utterances are exact; words are estimated, by the aksharas before them in their utterance. Both
// are in order. The text ranges of each list follow one upon the other from the text's beginning to
// its end (blanks belong to what stands before them); the last one ends in time where the audio
// does, less its last pause.
struct BHASHATTS_API Timings {
  std::vector<Timing> utterances;
  std::vector<Timing> words;
  std::int64_t duration_ms = 0;  // of the audio

  // {"duration_ms", "utterances": [{"start_ms", "end_ms", "text": {"begin", "end", "begin_utf16",
  // "end_utf16"}}], "words": [... "estimated": true]}
  std::string to_json() const;
  // One cue an utterance, each word behind its time stamp. text: as it was sent.
  std::string to_webvtt(std::string_view text) const;
};

}  // namespace bhashatts
