// How many seconds a voice gives to each part of a text, fitted to takes of it.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/measured_take.h"

namespace bhashatts::engine {

double median(std::vector<double> values);  // 0 of none
// A standard deviation that a third of outliers does not move: 1.48 times the median deviation.
double robust_deviation(std::vector<double> values, double center);

// Begins with the usual proportions of the parts at the voice's median pace; takes pull the
// proportions away from there as far as they agree (ridge regression on relative lengths, outliers
// weighed down).
class PaceFit {
 public:
  PaceFit() = default;
  explicit PaceFit(std::span<const MeasuredTake> takes);

  double expected_seconds(const text::SpeechParts& parts) const;
  // How far the expectation may be off, as a standard deviation of its logarithm, because no take
  // told of such a text: small for one like those that were learned from, 0.3 for quite another.
  double doubt(const text::SpeechParts& parts) const;

 private:
  using Matrix = std::array<text::SpeechParts, text::kSpeechParts>;

  text::SpeechParts weights_{};  // seconds each part takes
  Matrix inverse_{};             // of what the last round of the regression solved
};

}  // namespace bhashatts::engine
