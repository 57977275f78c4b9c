// Aksharas: the written syllables of Indian scripts, and how long each takes to say.
//
// A consonant cluster with its vowel sign is one akshara (स्त्री), as it is written and as it must
// never be torn. Unicode's grapheme clusters are nearly that; what they lack in utf8proc 2.8 is the
// rule for conjuncts, GB9c of UAX #29, which is added here: a linker (virama) between two
// consonants, with or without ZWJ and nukta, joins them. Two scripts more than in GB9c are joined,
// Gurmukhi and Kannada, for there too the second consonant hangs below the first. Not Tamil, whose
// pulli parts consonants; not across ZWNJ, which asks for the same.
//
// Thread rule: pure functions; a reader belongs to one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace bhashatts::text {

// A consonant without a vowel: Tamil pulli, a Malayalam chillu, a halanta at the end of a word.
inline constexpr double kDeadConsonantWeight = 0.4;
// A digit as part of a spoken number.
inline constexpr double kDigitWeight = 2.5;

struct Akshara {
  std::size_t begin = 0;  // bytes of the text
  std::size_t end = 0;
  double weight = 0.0;  // time, in aksharas: 1 as a rule, 0 for what is not spoken
};

// From the first to the last, without gaps: blanks, punctuation and emoji are units of weight 0.
// Linear in work on any text.
class AksharaReader {
 public:
  // The text must outlive the reader. Raises text_not_utf8, there or in next().
  explicit AksharaReader(std::string_view utf8) : utf8_(utf8) {}

  std::optional<Akshara> next();

 private:
  double weigh(std::size_t begin, std::size_t end);
  double weigh_latin(std::size_t begin, char32_t letter);
  void enter_latin_word(std::size_t begin);

  std::string_view utf8_;
  std::size_t at_ = 0;
  std::size_t latin_end_ = 0;  // of the Latin word that the reader is in
  bool latin_is_spelled_ = false;
  bool after_latin_vowel_ = false;
};

std::vector<Akshara> aksharas(std::string_view utf8);

// The sum of the weights.
double akshara_weight(std::string_view utf8);

}  // namespace bhashatts::text
