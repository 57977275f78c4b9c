// Bounds of a weight, a code point at a time: see aksharas.h for what weighs how much.
//
// Each letter makes at most one akshara, each virama takes at most one away (a conjunct) and each
// chillu 0.6. Where the characters are not of India's scripts or ASCII the lower bound is given up.
//
// Thread rule: a value; one thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "text/sentences.h"

namespace bhashatts::text {

class BoundsCounter {
 public:
  void add(char32_t c) {
    if (c - kFirstIndic < kPastIndic - kFirstIndic) {
      const Share& share = shares_[c - kFirstIndic];
      least_ += share.least;
      most_ += share.most;
    } else if (c < 0x80) {
      add_ascii(c);
    } else {
      add_other(c);
    }
  }

  WeightBounds take() {
    const WeightBounds bounds{lost_ ? 0 : std::max<Weight>(0, least_), most_};
    least_ = most_ = 0;
    lost_ = false;
    return bounds;
  }

 private:
  static constexpr char32_t kFirstIndic = 0x0900;
  static constexpr char32_t kPastIndic = 0x0D80;  // without Sinhala, which has no virama here

  // Of one code point in the weight of its text.
  struct Share {
    std::int16_t least = 0;
    std::int16_t most = 0;
  };
  using Shares = std::array<Share, kPastIndic - kFirstIndic>;

  static Share derive(char32_t c);
  static const Shares& shares();  // made at the first call
  void add_ascii(char32_t c);
  void add_other(char32_t c);

  const Shares& shares_ = shares();
  Weight least_ = 0;
  Weight most_ = 0;
  bool lost_ = false;
};

}  // namespace bhashatts::text
