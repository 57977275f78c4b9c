// Cuts are looked up by the weight before them, by binary search, so that a text without a single
// comma or blank costs no more than another.
#include "text/division.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "text/script.h"
#include "text/utf8.h"
#include "text/weigher.h"

namespace bhashatts::text {
namespace {

struct Cut {
  std::size_t at = 0;  // where the next part begins
  Weight before = 0;   // what precedes it weighs
};

// Cuts of one kind, ascending.
struct Level {
  Boundary boundary = Boundary::word;
  Weight margin = 0;  // what a cut must leave on either side
  std::vector<Cut> cuts;
};

// The cut nearest to where the first half of the parts would end, were they equal and as few as
// can be; the earlier of two.
const Cut* nearest(const Level& level, const Cut& from, const Cut& to, Weight most) {
  const auto first = std::ranges::upper_bound(level.cuts, from.at, {}, &Cut::at);
  const auto last = std::ranges::lower_bound(first, level.cuts.end(), to.at, {}, &Cut::at);
  const Weight weight = to.before - from.before;
  const Weight parts = (weight + most - 1) / most;
  const Weight target = from.before + weight * (parts / 2) / parts;
  const auto behind = std::ranges::lower_bound(first, last, target, {}, &Cut::before);
  const auto fits = [&](const Cut& cut) {
    return cut.before - from.before >= level.margin && to.before - cut.before >= level.margin;
  };
  const Cut* best = behind != first && fits(*(behind - 1)) ? &*(behind - 1) : nullptr;
  if (behind == last || !fits(*behind)) return best;
  const bool nearer = best == nullptr || behind->before - target < target - best->before;
  return nearer ? &*behind : best;
}

class Division {
 public:
  Division(std::string_view text, Weight most, std::vector<Piece>& parts)
      : text_(text), most_(most), parts_(parts) {}

  void divide(const Piece& piece, std::span<const std::size_t> clauses, Weight least) {
    std::array<Level, 2> levels{Level{Boundary::comma, least, {}}, Level{Boundary::word, 0, {}}};
    const Weight weight = find_cuts(piece, clauses, levels[0].cuts, levels[1].cuts);
    const std::size_t first = parts_.size();
    divide(levels, {piece.begin, 0}, {piece.end, weight}, piece.after);
    parts_[first].trails = piece.trails;
  }

 private:
  Weight find_cuts(const Piece& piece, std::span<const std::size_t> clauses,
                   std::vector<Cut>& at_clauses, std::vector<Cut>& at_words) const;
  void divide(std::span<const Level> levels, const Cut& from, const Cut& to, Boundary after);
  void divide_word(const Cut& from, const Cut& to, Boundary after);
  void add_part(const Cut& from, const Cut& to, Boundary after);
  bool is_blank(std::size_t begin, std::size_t end) const {
    return end - begin == 1 && (text_[begin] == ' ' || text_[begin] == '\n');
  }

  std::string_view text_;
  Weight most_;
  std::vector<Piece>& parts_;
};

// Only where an akshara begins. Gives the weight of the piece.
Weight Division::find_cuts(const Piece& piece, std::span<const std::size_t> clauses,
                           std::vector<Cut>& at_clauses, std::vector<Cut>& at_words) const {
  auto clause = std::ranges::upper_bound(clauses, piece.begin);
  Weight weight = 0;
  bool behind_blank = false;
  AksharaReader reader(text_.substr(piece.begin, piece.end - piece.begin));
  while (const auto akshara = reader.next()) {
    const std::size_t at = piece.begin + akshara->begin;
    while (clause != clauses.end() && *clause < at) ++clause;
    if (clause != clauses.end() && *clause == at) at_clauses.push_back({at, weight});
    const bool blank = is_blank(at, piece.begin + akshara->end);
    if (behind_blank && !blank) at_words.push_back({at, weight});
    behind_blank = blank;
    weight += weight_of(akshara->weight);
  }
  return weight;
}

void Division::divide(std::span<const Level> levels, const Cut& from, const Cut& to,
                      Boundary after) {
  if (to.before - from.before <= most_) return add_part(from, to, after);
  for (const Level& level : levels) {
    const Cut* cut = nearest(level, from, to, most_);
    if (cut == nullptr) continue;
    divide(levels, from, *cut, level.boundary);
    return divide(levels, *cut, to, after);
  }
  const bool within_word = levels.size() == 1;
  return within_word ? add_part(from, to, after) : divide_word(from, to, after);
}

// A Latin letter counts as if spelled out, for a part of a word may have lost all its vowels.
void Division::divide_word(const Cut& from, const Cut& to, Boundary after) {
  Level level;
  Weight weight = 0;
  AksharaReader reader(text_.substr(from.at, to.at - from.at));
  while (const auto akshara = reader.next()) {
    std::size_t at = from.at + akshara->begin;
    if (akshara->begin > 0) level.cuts.push_back({at, weight});
    const bool latin = script_of(decode(text_, at)) == Script::latin;
    weight += latin ? kAkshara : weight_of(akshara->weight);
  }
  divide({&level, 1}, {from.at, 0}, {to.at, weight}, after);
}

void Division::add_part(const Cut& from, const Cut& to, Boundary after) {
  std::size_t end = to.at;
  while (end > from.at + 1 && is_blank(end - 1, end)) --end;
  const Weight weight = to.before - from.before;
  parts_.push_back({from.at, end, after, false, {weight, weight}});
}

}  // namespace

void divide(std::string_view text, const Piece& piece, std::span<const std::size_t> clauses,
            Weight most, Weight least, std::vector<Piece>& parts) {
  Division(text, most, parts).divide(piece, clauses, least);
}

}  // namespace bhashatts::text
