// Weights of parts of a text, as exact as the question asks: most sentences are plainly neither too
// short nor too long, and are never weighed.
//
// Thread rule: a value; one thread.
#pragma once

#include <cmath>
#include <cstddef>
#include <string_view>

#include "text/aksharas.h"
#include "text/sentences.h"

namespace bhashatts::text {

// See Weight: 0.4 is 401.
inline Weight weight_of(double aksharas) {
  const auto rounded = static_cast<Weight>(std::lround(aksharas * kAkshara));
  return rounded % (kAkshara / 2) == 0 ? rounded : rounded + 1;
}

class Weigher {
 public:
  Weigher(std::string_view text, std::size_t& looked_at) : text_(text), looked_at_(looked_at) {}

  bool is_under(Piece& piece, Weight limit) {
    if (piece.bounds.most < limit) return true;
    return piece.bounds.least < limit && exact(piece) < limit;
  }

  bool is_over(Piece& piece, Weight limit) {
    if (piece.bounds.least > limit) return true;
    return piece.bounds.most > limit && exact(piece) > limit;
  }

  bool fit_together(Piece& a, Piece& b, Weight limit) {
    if (a.bounds.most + b.bounds.most <= limit) return true;
    return exact(a) == 0 || exact(b) == 0 || exact(a) + exact(b) <= limit;
  }

  // A piece is weighed once: its bounds close.
  Weight exact(Piece& piece) {
    WeightBounds& bounds = piece.bounds;
    if (bounds.least == bounds.most) return bounds.most;
    bounds.least = 0;
    AksharaReader reader(text_.substr(piece.begin, piece.end - piece.begin));
    while (const auto akshara = reader.next()) bounds.least += weight_of(akshara->weight);
    looked_at_ += piece.end - piece.begin;
    return bounds.most = bounds.least;
  }

 private:
  std::string_view text_;
  std::size_t& looked_at_;
};

}  // namespace bhashatts::text
