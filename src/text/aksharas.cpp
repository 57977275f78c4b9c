#include "text/aksharas.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>

#include "text/characters.h"
#include "text/letters.h"
#include "text/utf8.h"

namespace bhashatts::text {
namespace {

// Where GB9c stands within a cluster.
class Conjunct {
 public:
  // Whether a consonant that follows belongs to the cluster.
  bool is_open() const { return seen_ == Seen::linker; }

  void take(char32_t c) {
    if (is_joining_consonant(c)) {
      seen_ = Seen::consonant;
    } else if (is_linker(c)) {
      if (seen_ != Seen::nothing) seen_ = Seen::linker;
    } else if (c != kZwj && combining_class(c) == 0) {
      seen_ = Seen::nothing;
    }
  }

 private:
  enum class Seen { nothing, consonant, linker };
  Seen seen_ = Seen::nothing;
};

bool breaks_between(char32_t before, char32_t after, utf8proc_int32_t& state) {
  return utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(before),
                                          static_cast<utf8proc_int32_t>(after), &state);
}

std::size_t end_of_cluster(std::string_view utf8, std::size_t begin) {
  utf8proc_int32_t state = 0;
  Conjunct conjunct;
  std::size_t end = begin;
  char32_t before = decode(utf8, end);
  conjunct.take(before);
  for (std::size_t at = end; at < utf8.size(); end = at) {
    const char32_t after = decode(utf8, at);
    const bool joined = conjunct.is_open() && is_joining_consonant(after);
    if (breaks_between(before, after, state) && !joined) break;
    conjunct.take(after);
    before = after;
  }
  return end;
}

// A cluster whose last word is a virama has no vowel; joiners and nuktas say nothing about that.
double weight_of_indic(std::string_view cluster) {
  bool has_letter = false;
  bool is_dead = false;
  for (std::size_t at = 0; at < cluster.size();) {
    const char32_t c = decode(cluster, at);
    has_letter = has_letter || is_letter(c);
    if (!is_joiner(c)) is_dead = is_virama(c) || is_chillu(c);
  }
  if (!has_letter) return 0.0;
  return is_dead ? kDeadConsonantWeight : 1.0;
}

}  // namespace

std::optional<Akshara> AksharaReader::next() {
  if (at_ >= utf8_.size()) return std::nullopt;
  const std::size_t begin = at_;
  at_ = end_of_cluster(utf8_, begin);
  return Akshara{.begin = begin, .end = at_, .weight = weigh(begin, at_)};
}

double AksharaReader::weigh(std::size_t begin, std::size_t end) {
  std::size_t at = begin;
  const char32_t first = decode(utf8_, at);
  if (is_digit(first)) return kDigitWeight;
  const Script script = script_of(first);
  if (script == Script::latin) return weigh_latin(begin, first);
  if (is_indic(script)) return weight_of_indic(utf8_.substr(begin, end - begin));
  return script == Script::other && is_letter(first) ? 1.0 : 0.0;
}

// A syllable for each group of vowels; without any, a word is spelled out (TV).
double AksharaReader::weigh_latin(std::size_t begin, char32_t letter) {
  if (begin >= latin_end_) enter_latin_word(begin);
  if (latin_is_spelled_) return 1.0;
  const bool is_vowel = is_latin_vowel(letter);
  const bool begins_group = is_vowel && !std::exchange(after_latin_vowel_, is_vowel);
  if (!is_vowel) after_latin_vowel_ = false;
  return begins_group ? 1.0 : 0.0;
}

void AksharaReader::enter_latin_word(std::size_t begin) {
  latin_is_spelled_ = true;
  after_latin_vowel_ = false;
  for (std::size_t at = begin; at < utf8_.size();) {
    const char32_t c = decode(utf8_, at);
    const bool belongs = script_of(c) == Script::latin || combining_class(c) != 0;
    if (!belongs) break;
    latin_end_ = at;
    if (is_latin_vowel(c)) latin_is_spelled_ = false;
  }
}

std::vector<Akshara> aksharas(std::string_view utf8) {
  std::vector<Akshara> all;
  AksharaReader reader(utf8);
  while (const auto one = reader.next()) all.push_back(*one);
  return all;
}

double akshara_weight(std::string_view utf8) {
  double sum = 0.0;
  AksharaReader reader(utf8);
  while (const auto one = reader.next()) sum += one->weight;
  return sum;
}

}  // namespace bhashatts::text
