#include "engine/voice_pace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace bhashatts::engine {
namespace {

using text::SpeechPart;

text::SpeechParts parts_of(double aksharas, double sentences = 1) {
  text::SpeechParts parts{};
  part(parts, SpeechPart::aksharas) = aksharas;
  part(parts, SpeechPart::sounds) = 2 * aksharas;
  part(parts, SpeechPart::long_vowels) = aksharas / 3;
  part(parts, SpeechPart::words) = aksharas / 3;
  part(parts, SpeechPart::sentences) = sentences;
  part(parts, SpeechPart::edges) = 1;
  return parts;
}

// A voice that takes so many seconds a unit, as evenly as `spread` says.
struct Speaker {
  double pace = 0.1;
  double spread = 0.03;
  double pause = 0;  // more than is usual at the end of a sentence, in seconds
  std::optional<double> likeness = {};

  MeasuredTake say(const text::SpeechParts& parts) {
    const double units = text::weighed(parts, text::kUsualWeights);
    const double seconds = pace * units + pause * part(parts, SpeechPart::sentences);
    std::optional<double> like;
    if (likeness) like = *likeness + 0.3 * normal(random) / std::sqrt(parts[2]);
    return {
        .parts = parts, .seconds = seconds * std::exp(spread * normal(random)), .likeness = like};
  }
  std::vector<catalog::PaceSample> samples(int count) {
    std::vector<catalog::PaceSample> all;
    for (int i = 0; i < count; ++i)
      all.push_back(sample_of(say(parts_of(8 + i * 3 % 50, 1 + i % 4))));
    return all;
  }

  std::minstd_rand random{11};
  std::normal_distribution<double> normal{};
};

MeasuredTake lasting(MeasuredTake take, double factor) {
  take.seconds *= factor;
  return take;
}

TEST(ImplausibleLength, KnowsWhatNobodySpeaks) {
  const auto take = [](double seconds) {
    return MeasuredTake{.parts = parts_of(30), .seconds = seconds, .likeness = {}};
  };
  EXPECT_FALSE(implausible_length(take(6), "HINDI"));
  EXPECT_TRUE(implausible_length(take(2.5), "HINDI"));
  EXPECT_FALSE(implausible_length(take(2.5), "TAMIL"));
  EXPECT_TRUE(implausible_length(take(1.5), "TAMIL"));
  EXPECT_TRUE(implausible_length(take(14), "HINDI"));
  EXPECT_THAT(*implausible_length(take(20), "HINDI"), ::testing::StartsWith("lasts 20.0 s"));
}

TEST(ImplausibleLength, IsWideForAWordOrTwo) {
  for (const double aksharas : {0.4, 1.0, 2.0, 4.0}) {
    for (const double seconds : {0.25, 0.8, 1.8}) {
      const MeasuredTake take{.parts = parts_of(aksharas, 0), .seconds = seconds, .likeness = {}};
      EXPECT_FALSE(implausible_length(take, "HINDI")) << aksharas << " in " << seconds;
    }
  }
  EXPECT_FALSE(implausible_length({.parts = {}, .seconds = 60, .likeness = {}}, "HINDI"));
}

TEST(VoicePace, DoesNotObjectBeforeItKnowsTheVoice) {
  Speaker speaker;
  const VoicePace cold(speaker.samples(VoicePace::kFewestTakes - 1));
  EXPECT_FALSE(cold.is_known());
  EXPECT_FALSE(cold.objection(lasting(speaker.say(parts_of(30)), 3)));
  EXPECT_TRUE(VoicePace(speaker.samples(VoicePace::kFewestTakes)).is_known());
}

TEST(VoicePace, HoldsASteadyVoiceToItsOwnPace) {
  Speaker speaker;
  const VoicePace known(speaker.samples(60));
  int objections = 0;
  for (int i = 0; i < 300; ++i)
    objections += known.objection(speaker.say(parts_of(5 + i % 60))) ? 1 : 0;
  EXPECT_LE(objections, 1);
  EXPECT_TRUE(known.objection(lasting(speaker.say(parts_of(30)), 0.67)));
  EXPECT_TRUE(known.objection(lasting(speaker.say(parts_of(30)), 0.7)));
  EXPECT_TRUE(known.objection(lasting(speaker.say(parts_of(30)), 1.4)));
}

TEST(VoicePace, NeverComesCloserThanThirteenPercent) {
  Speaker machine{.spread = 0.0001};
  const VoicePace known(machine.samples(128));
  EXPECT_FALSE(known.objection(lasting(machine.say(parts_of(200)), 1.12)));
  EXPECT_FALSE(known.objection(lasting(machine.say(parts_of(200)), 0.89)));
}

TEST(VoicePace, LeavesAWideVoiceItsWidth) {
  Speaker speaker{.spread = 0.16};
  const VoicePace known(speaker.samples(100));
  EXPECT_NEAR(known.spread(), 0.14, 0.04);
  const MeasuredTake usual{
      .parts = parts_of(30), .seconds = known.expected_seconds(parts_of(30)), .likeness = {}};
  for (const double factor : {0.62, 0.75, 1.3, 1.55})
    EXPECT_FALSE(known.objection(lasting(usual, factor))) << factor;
  EXPECT_TRUE(known.objection(lasting(usual, 0.5)));
  EXPECT_TRUE(known.objection(lasting(usual, 2)));
}

TEST(VoicePace, LearnsWhereItsVoicePauses) {
  Speaker speaker{.spread = 0.02, .pause = 0.6};
  const VoicePace known(speaker.samples(80));
  EXPECT_LT(known.spread(), 0.05);
  const MeasuredTake many = speaker.say(parts_of(40, 6));
  EXPECT_FALSE(known.objection(many));
  EXPECT_NEAR(known.expected_seconds(parts_of(40, 6)) / many.seconds, 1, 0.1);
}

TEST(VoicePace, IsInDoubtAboutATextOfAnotherKind) {
  Speaker speaker{.spread = 0.005, .pause = 0.3};
  std::vector<catalog::PaceSample> samples;
  for (int i = 0; i < 128; ++i) samples.push_back(sample_of(speaker.say(parts_of(20, 1))));
  const VoicePace known(samples);
  EXPECT_FALSE(known.objection(speaker.say(parts_of(40, 12))));  // never heard it pause so often
  EXPECT_TRUE(known.objection(lasting(speaker.say(parts_of(20, 1)), 0.7)));
}

TEST(VoicePace, IsNotMovedByAFewBadTakes) {
  Speaker speaker;
  auto samples = speaker.samples(60);
  for (std::size_t i = 0; i < samples.size(); i += 10) samples[i].duration_ms *= 2;
  const VoicePace known(samples);
  EXPECT_LT(known.spread(), 0.06);
  EXPECT_FALSE(known.objection(speaker.say(parts_of(30))));
  EXPECT_TRUE(known.objection(lasting(speaker.say(parts_of(30)), 2)));
}

TEST(VoicePace, AddsUpLengthAndLikeness) {
  Speaker speaker{.likeness = 0.25};
  const VoicePace known(speaker.samples(80));
  ASSERT_TRUE(known.likeness_tells());
  MeasuredTake take = speaker.say(parts_of(40));
  take.likeness = 0.25;
  EXPECT_FALSE(known.objection(take));
  EXPECT_FALSE(known.objection(lasting(take, 1.2)));  // surely its text, if slow
  take.likeness = 0.0;
  const auto objection = known.objection(take);
  ASSERT_TRUE(objection);
  EXPECT_THAT(*objection, ::testing::HasSubstr("does not sound like its text"));
}

TEST(VoicePace, DoesNotTrustALikenessThatNeverTold) {
  Speaker speaker{.likeness = 0.02};
  const VoicePace known(speaker.samples(80));
  EXPECT_FALSE(known.likeness_tells());
  MeasuredTake take = speaker.say(parts_of(40));
  take.likeness = -0.3;
  EXPECT_FALSE(known.objection(take));
}

TEST(VoicePace, NoticesAVoiceThatBreaksOffForOnce) {
  Speaker speaker;
  auto samples = speaker.samples(60);
  for (auto& sample : samples) sample.ending = -450;
  MeasuredTake take = speaker.say(parts_of(12));
  take.seconds = 0.85 * VoicePace(samples).expected_seconds(take.parts);
  take.ending = -45;
  EXPECT_FALSE(VoicePace(samples).objection(take));
  take.ending = -12;
  const auto objection = VoicePace(samples).objection(take);
  ASSERT_TRUE(objection);
  EXPECT_THAT(*objection, ::testing::HasSubstr("cut off"));
  samples[7].ending = -120;  // it has done so before
  EXPECT_FALSE(VoicePace(samples).objection(take));
}

TEST(VoicePace, BearsSamplesThatMakeNoSense) {
  std::vector<catalog::PaceSample> nonsense(40);
  EXPECT_FALSE(VoicePace(nonsense).is_known());
  for (auto& sample : nonsense) sample.parts[0] = sample.duration_ms = 1;
  const VoicePace same(nonsense);
  EXPECT_TRUE(same.is_known());
  same.objection({.parts = parts_of(10), .seconds = 2, .likeness = {}});
  nonsense[3].parts = {2'000'000'000, 0, 0, 0, 0, 0, 0, -5};
  EXPECT_GT(VoicePace(nonsense).expected_seconds({}), 0);
}

TEST(PaceSample, HoldsATake) {
  const MeasuredTake take{.parts = parts_of(12.4, 2), .seconds = 3.25, .likeness = -0.125};
  const MeasuredTake again = take_of(sample_of(take));
  EXPECT_NEAR(again.parts[0], 12.4, 0.01);
  EXPECT_DOUBLE_EQ(again.seconds, 3.25);
  EXPECT_DOUBLE_EQ(again.likeness.value_or(0), -0.125);
  EXPECT_FALSE(take_of(sample_of({.parts = {}, .seconds = 1, .likeness = {}})).likeness);
}

}  // namespace
}  // namespace bhashatts::engine
