// Dots that end no sentence: of abbreviations and of letters named one by one (ए.पी.जे., TV).
//
// Closed lists for each language, never a rule by length: है., છે., ਸੀ. and வா. are as short as any
// abbreviation, and end more sentences than anything else.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace bhashatts::text {

// What is known of a word before a dot.
struct Abbreviation {
  bool holds = false;   // its dot ends no sentence, wherever it stands
  bool chains = false;  // so it does beside another one with its dot: सी.वी., कि.मी.
  bool letter = false;    // the name of a Latin letter
  bool numbered = false;  // so it does before a number: No. 5
};

// The lists of `language` ("HINDI") and those of English, which occur in any Indian text.
Abbreviation abbreviation(std::string_view language, std::string_view word);

// No word that is longer is on any list.
inline constexpr std::size_t kLongestAbbreviation = 24;

// For tests: all that is listed for a language, but for the names of letters.
std::vector<std::string_view> listed_abbreviations(std::string_view language);
std::vector<std::string_view> listed_letters(std::string_view language);

}  // namespace bhashatts::text
