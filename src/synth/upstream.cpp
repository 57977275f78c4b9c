#include "synth/upstream.h"

#include <algorithm>
#include <limits>

#include "base/hash.h"

namespace bhashatts::synth {
namespace {

// The model is reliable for 10 to 12 seconds (its authors' words), and a storyteller says four to
// five aksharas in one.
constexpr std::int32_t kMaxAksharas = 50;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kLongestText = 5'000;  // characters; the engine's own limit

// Saturating: a price so high must refuse work, never wrap round to a cheap one.
std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? kMost : product;
}

std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? kMost : sum;
}

// a * b / c rounded up, without an overflow on the way where the result has none.
std::int64_t share(std::int64_t a, std::int64_t b, std::int64_t c) {
  const std::int64_t rest = times(b % c, a);
  return plus(times(b / c, a), rest / c + (rest % c != 0 ? 1 : 0));
}

std::int64_t positive(std::int64_t number) { return std::max<std::int64_t>(0, number); }

}  // namespace

std::int64_t Pricing::cost(std::chrono::milliseconds compute, std::int64_t characters) const {
  const std::int64_t time = share(positive(per_second), positive(compute.count()), 1'000);
  const std::int64_t text = share(positive(per_million_characters), positive(characters), kMillion);
  return plus(plus(time, text), positive(per_call));
}

std::string identity_of(const UpstreamOptions& options, std::string_view manner) {
  std::string identity = options.model;
  if (!options.revision.empty()) identity += '@' + options.revision;
  if (!manner.empty()) identity += '#' + std::string(manner);
  return identity;
}

std::string upstream_of(std::string_view kind, const UpstreamOptions& options) {
  const Key key = KeyHasher().field(kind).field(options.url).field(options.token).finish();
  return std::string(kind) + '-' + key.hex();
}

SynthesizerLimits limits_of(const UpstreamOptions& options) {
  return {.max_aksharas = kMaxAksharas,
          .concurrency = std::max(1, options.concurrency),
          .max_cost_micro_usd = options.pricing.cost(options.attempt_timeout, kLongestText)};
}

}  // namespace bhashatts::synth
