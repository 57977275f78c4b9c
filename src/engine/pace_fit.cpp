#include "engine/pace_fit.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bhashatts::engine {
namespace {

constexpr std::size_t kParts = text::kSpeechParts;
// How firmly the usual proportions are held, against one take each. Weak enough that 20 takes of
// espeak-ng halve the spread, strong enough that 20 takes without a comma leave commas alone.
constexpr double kRidge = 0.05;
constexpr int kRounds = 4;
// Residuals from here on weigh less: Huber's, in robust deviations.
constexpr double kOutlier = 2.0;
constexpr double kLeastDeviation = 0.01;

using Row = std::array<double, kParts>;
using Matrix = std::array<std::array<double, kParts + 1>, kParts>;

// Each part's share of the expected length, so that factors of 1 expect 1.
struct Relative {
  std::vector<Row> shares;
  std::vector<double> lengths;
};

Relative relative_to_usual(std::span<const MeasuredTake> takes, double pace) {
  Relative relative;
  for (const MeasuredTake& take : takes) {
    const double units = text::weighed(take.parts, text::kUsualWeights);
    Row& row = relative.shares.emplace_back();
    for (std::size_t i = 0; i < kParts; ++i) {
      row[i] = take.parts[i] * text::kUsualWeights[i] / units;
    }
    relative.lengths.push_back(take.seconds / units / pace);
  }
  return relative;
}

double dot(const Row& a, const Row& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kParts; ++i) sum += a[i] * b[i];
  return sum;
}

std::vector<double> outlier_weights(const Relative& relative, const Row& factors) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < relative.lengths.size(); ++i) {
    errors.push_back(relative.lengths[i] - dot(relative.shares[i], factors));
  }
  const double limit = kOutlier * std::max(robust_deviation(errors, 0), kLeastDeviation);
  for (double& error : errors) error = std::min(1.0, limit / std::max(std::abs(error), 1e-9));
  return errors;
}

// Gauss-Jordan: the ridge keeps the matrix positive definite, so no pivot is zero.
Row solved(Matrix m) {
  for (std::size_t i = 0; i < kParts; ++i) {
    for (std::size_t row = 0; row < kParts; ++row) {
      if (row == i) continue;
      const double factor = m[row][i] / m[i][i];
      for (std::size_t k = i; k <= kParts; ++k) m[row][k] -= factor * m[i][k];
    }
  }
  Row solution{};
  for (std::size_t i = 0; i < kParts; ++i) solution[i] = m[i][kParts] / m[i][i];
  return solution;
}

Row refitted(const Relative& relative, const std::vector<double>& weights) {
  Matrix m{};
  for (std::size_t i = 0; i < kParts; ++i) m[i][i] = m[i][kParts] = kRidge;
  for (std::size_t take = 0; take < weights.size(); ++take) {
    const Row& row = relative.shares[take];
    for (std::size_t i = 0; i < kParts; ++i) {
      for (std::size_t k = 0; k < kParts; ++k) m[i][k] += weights[take] * row[i] * row[k];
      m[i][kParts] += weights[take] * row[i] * relative.lengths[take];
    }
  }
  return solved(m);
}

double median_pace(std::span<const MeasuredTake> takes) {
  std::vector<double> paces;
  for (const MeasuredTake& take : takes) {
    paces.push_back(take.seconds / text::weighed(take.parts, text::kUsualWeights));
  }
  return median(std::move(paces));
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

double robust_deviation(std::vector<double> values, double center) {
  for (double& value : values) value = std::abs(value - center);
  return 1.4826 * median(std::move(values));
}

text::SpeechParts fitted_weights(std::span<const MeasuredTake> takes) {
  const double pace = median_pace(takes);
  const Relative relative = relative_to_usual(takes, pace);
  Row factors;
  factors.fill(1.0);
  for (int round = 0; round < kRounds; ++round) {
    factors = refitted(relative, outlier_weights(relative, factors));
  }
  text::SpeechParts weights{};
  for (std::size_t i = 0; i < kParts; ++i) {
    weights[i] = pace * text::kUsualWeights[i] * std::max(factors[i], 0.0);
  }
  return weights;
}

}  // namespace bhashatts::engine
