// From a spoken text to its utterances: what is synthesised, kept and paid for one by one.
//
// A sentence is the unit, because it repeats (a refrain is bought once), because the model is
// reliable for ten to twelve seconds, and because a changed word then costs one call.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bhashatts::text {

// What stands behind an utterance; it decides the pause there.
enum class Boundary : std::uint8_t {
  word = 1,       // cut between words, because the sentence is too long
  comma = 2,      // cut at a comma or its like, for the same reason
  sentence = 3,   //
  line = 4,       // of verse
  paragraph = 5,  //
  end = 6,        // of the text
};

struct TextUtterance {
  std::string_view whole;   // its part of the text: the wholes, joined, are the text
  std::string_view spoken;  // the whole without blanks and line breaks around it; never empty
  Boundary after = Boundary::end;
};

struct SplitOptions {
  std::string_view language;  // "HINDI": whose abbreviations hold
  double most = 0.0;          // aksharas by weight of an utterance; 0: as many as there are
  double least = 8.0;         // what has fewer is joined with its neighbour where that fits
};

// `spoken_text` is what spoken_text() gave. Linear in work on any text; the same text gives the
// same utterances on any machine. An utterance is over `most` only where a single akshara is.
std::vector<TextUtterance> utterances(std::string_view spoken_text, const SplitOptions& options);

}  // namespace bhashatts::text
