#include "text/speech_parts.h"

#include <algorithm>
#include <utility>

#include "text/aksharas.h"
#include "text/characters.h"
#include "text/letters.h"
#include "text/sounds.h"
#include "text/utf8.h"

namespace bhashatts::text {

const SpeechParts kUsualWeights{0.45, 0.6, 0.33, 0.4, 2.8, 3.7, 0.5, 0.5};

namespace {

bool ends_sentence(char32_t c) {
  constexpr std::array<char32_t, 6> kEnds{'.', '?', '!', 0x0964, 0x0965, 0x2026};
  return std::ranges::find(kEnds, c) != kEnds.end();
}

bool is_blank(char32_t c) { return c == ' ' || c == '\n'; }

// All that stands between two words.
class Gap {
 public:
  void take(char32_t c) {
    blank_ = blank_ || is_blank(c);
    sentence_ = sentence_ || ends_sentence(c);
    clause_ = clause_ || !is_blank(c);
    if (c == '\n') ++newlines_;
  }

  void count_in(SpeechParts& parts, bool is_last) const {
    // A hyphen or an apostrophe within a word, the point of a decimal: nobody pauses for them.
    if (!blank_ && !is_last) return;
    if (sentence_) {
      part(parts, SpeechPart::sentences) += 1;
    } else if (clause_) {
      part(parts, SpeechPart::clauses) += 1;
    } else if (newlines_ == 0 && !is_last) {
      part(parts, SpeechPart::words) += 1;
    }
    part(parts, SpeechPart::lines) += std::min(newlines_, 2);
  }

 private:
  bool blank_ = false;
  bool sentence_ = false;
  bool clause_ = false;
  int newlines_ = 0;
};

bool is_spoken(char32_t c) {
  return is_letter(c) || is_digit(c) || is_indic(script_of(c)) || is_joiner(c);
}

}  // namespace

SpeechParts speech_parts(std::string_view utf8) {
  SpeechParts parts{};
  part(parts, SpeechPart::aksharas) = akshara_weight(utf8);
  part(parts, SpeechPart::sounds) = static_cast<double>(sounds(utf8).size());
  part(parts, SpeechPart::edges) = 1;
  Gap gap;
  bool in_gap = false;
  bool has_begun = false;  // nobody pauses before the first word
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = decode(utf8, at);
    if (!is_spoken(c)) {
      gap.take(c);
      in_gap = true;
      continue;
    }
    if (const Gap passed = std::exchange(gap, Gap()); in_gap && has_begun) {
      passed.count_in(parts, false);
    }
    in_gap = false;
    has_begun = true;
    if (is_long_vowel(c)) part(parts, SpeechPart::long_vowels) += 1;
  }
  if (in_gap && has_begun) gap.count_in(parts, true);
  return parts;
}

double weighed(const SpeechParts& parts, const SpeechParts& weights) {
  double sum = 0.0;
  for (std::size_t i = 0; i < kSpeechParts; ++i) sum += parts[i] * weights[i];
  return sum;
}

}  // namespace bhashatts::text
