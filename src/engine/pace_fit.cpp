#include "engine/pace_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace bhashatts::engine {
namespace {

constexpr std::size_t kParts = text::kSpeechParts;
// How firmly the usual proportions are held, against one take each. Weak enough that 20 takes of
// espeak-ng halve the spread, strong enough that 20 takes without a comma leave commas alone.
constexpr double kRidge = 0.05;
// How far the proportions of a voice of which nothing is known are from the usual ones.
constexpr double kUntoldDoubt = 0.5;
constexpr int kRounds = 4;
// Residuals from here on weigh less: Huber's, in robust deviations.
constexpr double kOutlier = 2.0;
constexpr double kLeastDeviation = 0.01;

using Row = std::array<double, kParts>;
using Matrix = std::array<Row, kParts>;

// Each part's share of the expected length, so that factors of 1 expect 1.
struct Relative {
  std::vector<Row> shares;
  std::vector<double> lengths;
};

Row shares_of(const text::SpeechParts& parts) {
  const double units = std::max(text::weighed(parts, text::kUsualWeights), 1e-3);
  Row shares{};
  for (std::size_t i = 0; i < kParts; ++i) shares[i] = parts[i] * text::kUsualWeights[i] / units;
  return shares;
}

Relative relative_to_usual(std::span<const MeasuredTake> takes, double pace) {
  Relative relative;
  for (const MeasuredTake& take : takes) {
    const double units = text::weighed(take.parts, text::kUsualWeights);
    relative.shares.push_back(shares_of(take.parts));
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

// Gauss-Jordan in place: the ridge keeps the matrix positive definite, so no pivot is zero.
Matrix inverted(Matrix m) {
  for (std::size_t i = 0; i < kParts; ++i) {
    const double pivot = std::exchange(m[i][i], 1.0);
    for (double& cell : m[i]) cell /= pivot;
    for (std::size_t row = 0; row < kParts; ++row) {
      if (row == i) continue;
      const double factor = std::exchange(m[row][i], 0.0);
      for (std::size_t k = 0; k < kParts; ++k) m[row][k] -= factor * m[i][k];
    }
  }
  return m;
}

struct Solution {
  Row factors{};
  Matrix inverse{};
};

Solution refitted(const Relative& relative, const std::vector<double>& weights) {
  Matrix m{};
  Row right{};
  for (std::size_t i = 0; i < kParts; ++i) m[i][i] = right[i] = kRidge;
  for (std::size_t take = 0; take < weights.size(); ++take) {
    const Row& row = relative.shares[take];
    for (std::size_t i = 0; i < kParts; ++i) {
      for (std::size_t k = 0; k < kParts; ++k) m[i][k] += weights[take] * row[i] * row[k];
      right[i] += weights[take] * row[i] * relative.lengths[take];
    }
  }
  Solution solution{.factors = {}, .inverse = inverted(m)};
  for (std::size_t i = 0; i < kParts; ++i) solution.factors[i] = dot(solution.inverse[i], right);
  return solution;
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

PaceFit::PaceFit(std::span<const MeasuredTake> takes) {
  const double pace = median_pace(takes);
  const Relative relative = relative_to_usual(takes, pace);
  Solution solution;
  solution.factors.fill(1.0);
  for (int round = 0; round < kRounds; ++round) {
    solution = refitted(relative, outlier_weights(relative, solution.factors));
  }
  for (std::size_t i = 0; i < kParts; ++i) {
    weights_[i] = pace * text::kUsualWeights[i] * std::max(solution.factors[i], 0.0);
  }
  inverse_ = solution.inverse;
}

double PaceFit::expected_seconds(const text::SpeechParts& parts) const {
  return std::max(text::weighed(parts, weights_), 0.05);
}

// In Bayes' reading the ridge says how well the usual proportions are known before any take, and
// the inverse what is left of that doubt in the direction of this text.
double PaceFit::doubt(const text::SpeechParts& parts) const {
  const Row shares = shares_of(parts);
  double sum = 0;
  for (std::size_t i = 0; i < kParts; ++i) sum += shares[i] * dot(inverse_[i], shares);
  return kUntoldDoubt * std::sqrt(std::max(0.0, kRidge * sum));
}

}  // namespace bhashatts::engine
