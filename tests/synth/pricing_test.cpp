// What an attempt costs, and what may be told of where it goes.
#include <gtest/gtest.h>

#include <limits>

#include "synth/upstream.h"

namespace bhashatts::synth {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(Pricing, AddsTimeTextAndCall) {
  const Pricing pricing{.per_second = 120, .per_million_characters = 15'000'000, .per_call = 7};
  EXPECT_EQ(pricing.cost(milliseconds{1'500}, 10), 180 + 150 + 7);
  EXPECT_EQ(pricing.cost(milliseconds{0}, 0), 7);
  EXPECT_EQ(Pricing{}.cost(milliseconds{120'000}, 5'000), 0);
}

TEST(Pricing, RoundsUp) {
  const Pricing pricing{.per_second = 120, .per_million_characters = 1, .per_call = 0};
  EXPECT_EQ(pricing.cost(milliseconds{1}, 0), 1);
  EXPECT_EQ(pricing.cost(milliseconds{1'001}, 0), 121);
  EXPECT_EQ(pricing.cost(milliseconds{0}, 1), 1);
  EXPECT_EQ(pricing.cost(milliseconds{0}, 1'000'001), 2);
}

TEST(Pricing, NeverWrapsRound) {
  const Pricing dear{.per_second = kMost, .per_million_characters = kMost, .per_call = kMost};
  EXPECT_EQ(dear.cost(milliseconds{120'000}, 5'000), kMost);
  EXPECT_EQ(Pricing{.per_second = kMost}.cost(milliseconds{1'000}, 0), kMost);
  EXPECT_EQ(Pricing{.per_second = 120}.cost(milliseconds::max(), 0), kMost / 1'000 * 120 + 97);
}

TEST(Pricing, TakesNegativeNumbersForNothing) {
  const Pricing odd{.per_second = -5, .per_million_characters = -5, .per_call = -5};
  EXPECT_EQ(odd.cost(milliseconds{1'000}, 1'000'000), 0);
  EXPECT_EQ(Pricing{.per_second = 120}.cost(milliseconds{-1'000}, -3), 0);
}

UpstreamOptions options() {
  UpstreamOptions options;
  options.url = "https://voices.example/speak";
  options.token = "hf_secretsecretsecret";
  options.model = "ai4bharat/indic-parler-tts";
  options.pricing = {.per_second = 120};
  return options;
}

TEST(Upstream, IsIdentifiedByModelAndRevisionAlone) {
  UpstreamOptions changed = options();
  EXPECT_EQ(identity_of(changed), "ai4bharat/indic-parler-tts");
  changed.url = "https://elsewhere.example";
  EXPECT_EQ(identity_of(changed), "ai4bharat/indic-parler-tts");
  changed.revision = "abc";
  EXPECT_EQ(identity_of(changed), "ai4bharat/indic-parler-tts@abc");
}

TEST(Upstream, HasAnOpaqueNameOfAddressAndToken) {
  const std::string name = upstream_of("huggingface", options());
  EXPECT_EQ(name, upstream_of("huggingface", options()));
  EXPECT_EQ(name.find("example"), std::string::npos);
  EXPECT_EQ(name.find("secret"), std::string::npos);
  UpstreamOptions other = options();
  other.token = "hf_anotheranother";
  EXPECT_NE(name, upstream_of("huggingface", other));
  EXPECT_NE(name, upstream_of("openai", options()));
}

TEST(Upstream, LimitsWhatAnAttemptCanCost) {
  EXPECT_EQ(limits_of(options()).max_cost_micro_usd, 120 * 120);
  EXPECT_EQ(limits_of(options()).concurrency, 4);
  EXPECT_EQ(limits_of(options()).max_aksharas, 50);
  UpstreamOptions none = options();
  none.concurrency = 0;
  EXPECT_EQ(limits_of(none).concurrency, 1);
}

}  // namespace
}  // namespace bhashatts::synth
