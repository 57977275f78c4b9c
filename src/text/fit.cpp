#include "text/fit.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "text/division.h"
#include "text/weigher.h"

namespace bhashatts::text {
namespace {

constexpr Weight kUnlimited = std::numeric_limits<Weight>::max();

Weight limit_of(double aksharas) {
  return aksharas > 0.0 ? static_cast<Weight>(aksharas * kAkshara) : kUnlimited;
}

// Joins over boundaries of one kind; the work is linear, for what is joined never parts again.
class Joiner {
 public:
  Joiner(Weigher& weigher, Weight most, Weight least, Boundary over)
      : weigher_(weigher), most_(most), least_(least), over_(over) {}

  std::vector<Piece> join(std::vector<Piece> pieces) {
    joined_.reserve(pieces.size());
    for (Piece& piece : pieces) add(piece);
    settle();
    return std::move(joined_);
  }

 private:
  void add(Piece& piece) {
    if (!joined_.empty() && is_short(joined_.back())) {
      if (joined_.back().trails) settle();
      if (joins(joined_.back(), piece) && is_short(joined_.back())) {
        append(joined_.back(), piece);
        return;
      }
    }
    settle();
    joined_.push_back(piece);
  }

  // What is still short, and cannot go forward, goes back.
  void settle() {
    if (joined_.size() < 2 || !is_short(joined_.back())) return;
    Piece& before = joined_[joined_.size() - 2];
    if (!joins(before, joined_.back())) return;
    append(before, joined_.back());
    joined_.pop_back();
  }

  bool is_short(Piece& piece) { return weigher_.is_under(piece, least_); }

  bool joins(Piece& a, Piece& b) { return a.after == over_ && weigher_.fit_together(a, b, most_); }

  // Both are weighed before, once each: else a row of emoji would be weighed anew with each one.
  void append(Piece& a, Piece& b) {
    const Weight weight = weigher_.exact(a) + weigher_.exact(b);
    a.bounds = {weight, weight};
    a.end = b.end;
    a.after = b.after;
  }

  Weigher& weigher_;
  Weight most_;
  Weight least_;
  Boundary over_;
  std::vector<Piece> joined_;
};

std::vector<Piece> divided(std::string_view text, Sentences& found, Weigher& weigher, Weight most,
                           Weight least) {
  std::vector<Piece> parts;
  parts.reserve(found.pieces.size());
  for (Piece& piece : found.pieces) {
    if (!weigher.is_over(piece, most)) {
      parts.push_back(piece);
      continue;
    }
    divide(text, piece, found.clauses, most, least, parts);
    found.looked_at += 2 * (piece.end - piece.begin);
  }
  return parts;
}

}  // namespace

std::vector<Piece> fit(std::string_view text, Sentences& found, const SplitOptions& options) {
  const Weight most = limit_of(options.most);
  const auto least = static_cast<Weight>(options.least * kAkshara);
  Weigher weigher(text, found.looked_at);
  auto pieces = divided(text, found, weigher, most, least);
  for (const Boundary over :
       {Boundary::word, Boundary::comma, Boundary::sentence, Boundary::line, Boundary::paragraph}) {
    const bool any_short =
        std::ranges::any_of(pieces, [&](Piece& piece) { return weigher.is_under(piece, least); });
    if (!any_short || pieces.size() < 2) break;
    pieces = Joiner(weigher, most, least, over).join(std::move(pieces));
  }
  return pieces;
}

}  // namespace bhashatts::text
