// A word gets the part of its utterance's time that its aksharas are of the utterance's. That is an
// estimate (a voice dwells on some words), and marked as one.
#include "engine/timings.h"

#include <algorithm>
#include <cmath>

#include "bhashatts/text.h"
#include "text/aksharas.h"
#include "text/offsets.h"

namespace bhashatts::engine {
namespace {

using text::SentOffset;

bool is_blank(char c) { return c == ' ' || c == '\n'; }

// Places in the spoken text, in bytes, as places in the text that was sent.
class Ranges {
 public:
  Ranges(std::string_view sent, std::string_view spoken)
      : spoken_(spoken), offsets_(text::sent_offsets(sent, spoken)), end_(end_of(sent)) {}

  // Asked in order, from the beginning of the text to its end.
  TextRange next(std::size_t bytes) {
    const SentOffset begin = at_byte_ == 0 ? SentOffset{} : offsets_[at_point_];
    at_point_ += count_code_points(spoken_.substr(at_byte_, bytes));
    at_byte_ += bytes;
    const SentOffset end = at_byte_ == spoken_.size() ? end_ : offsets_[at_point_];
    return {begin.code_points, end.code_points, begin.utf16, end.utf16};
  }

 private:
  static SentOffset end_of(std::string_view sent) {
    SentOffset end;
    for (const char c : sent) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte & 0xC0U) == 0x80U) continue;
      ++end.code_points;
      end.utf16 += byte >= 0xF0U ? 2 : 1;
    }
    return end;
  }

  std::string_view spoken_;
  std::vector<SentOffset> offsets_;
  SentOffset end_;
  std::size_t at_byte_ = 0;
  std::size_t at_point_ = 0;
};

// Words with the blanks behind them; together they are `whole`.
std::vector<std::string_view> words_of(std::string_view whole) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  while (begin < whole.size()) {
    auto end = begin;
    while (end < whole.size() && is_blank(whole[end])) ++end;
    while (end < whole.size() && !is_blank(whole[end])) ++end;
    while (end < whole.size() && is_blank(whole[end])) ++end;
    words.push_back(whole.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

void add_words(Timings& timings, Ranges& ranges, std::string_view whole,
               const UtterancePlace& place) {
  const auto words = words_of(whole);
  const double all = std::max(text::akshara_weight(whole), 1e-9);
  const auto length = static_cast<double>(place.end_ms - place.start_ms);
  double said = 0.0;
  std::int64_t start = place.start_ms;
  for (const std::string_view word : words) {
    said += text::akshara_weight(word);
    const bool last = word.end() == whole.end();
    const std::int64_t until =
        last ? place.end_ms
             : std::min(place.end_ms, place.start_ms + static_cast<std::int64_t>(
                                                           std::llround(length * said / all)));
    timings.words.push_back({start, std::max(start, until), ranges.next(word.size())});
    start = timings.words.back().end_ms;
  }
}

}  // namespace

Timings timings_of(std::string_view sent, std::string_view spoken,
                   std::span<const text::TextUtterance> utterances, const AudioMetadata& speech) {
  Timings timings;
  timings.duration_ms = speech.duration_ms;
  Ranges of_utterances(sent, spoken);
  Ranges of_words(sent, spoken);
  for (std::size_t i = 0; i < utterances.size(); ++i) {
    const UtterancePlace& place = speech.places[i];
    timings.utterances.push_back(
        {place.start_ms, place.end_ms, of_utterances.next(utterances[i].whole.size())});
    add_words(timings, of_words, utterances[i].whole, place);
  }
  return timings;
}

}  // namespace bhashatts::engine
