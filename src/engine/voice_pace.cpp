// Measured with espeak-ng on 2,029 pages of stories in six languages, learned from 128 other pages
// of the same voice each (see benchmarks/gate_survey.cpp for what the gate makes of it):
// - log(length / expected) has a robust deviation of 0.026 (Tamil) to 0.043 (Malayalam) and heavy
//   tails: 1 % lies beyond 4 deviations, mostly texts of two words;
// - likeness is 0.20 to 0.31 at the median, with a deviation of 0.3 to 0.5 over the root of the
//   number of sounds; the audio of the next page has 0.01 with 0.35 over that root;
// - of the next pages one in three is within a fifth of the expected length.
// With the limits below 871 of such pages were judged, and each damaged in five ways: gate_survey
// prints what came of it. Tried and given up: 0.4 s of slack for every text (4 % of the cuts pass),
// none for any (1 % of the whole are refused).
#include "engine/voice_pace.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "engine/pace_fit.h"

namespace bhashatts::engine {
namespace {

static_assert(text::kSpeechParts == catalog::PaceSample::kParts);

// What nobody speaks: Tamil, full of consonants without a vowel, is spoken a little faster.
struct Tempo {
  double slowest;  // aksharas a second
  double fastest;
};
constexpr Tempo kTempo{3.0, 10.0};
constexpr Tempo kTamilTempo{4.0, 12.0};
// What two words have beside their aksharas: breath, a long last vowel, silence around. And pauses.
constexpr double kSlackAksharas = 2.0;
constexpr double kSlackSeconds = 1.2;
constexpr double kLongestPause = 0.8;

constexpr double kLeastRatio = 0.6;  // of the expected length, once the voice is known
constexpr double kMostRatio = 1.6;
// However short, a text may be so much longer or shorter than expected, for its edges are: the more
// so the less speaks against the take.
constexpr double kEdgeSlackSeconds = 0.15;
constexpr double kEdgeSlackThoughLike = 0.45;
// No closer however steady the voice: about 13 %.
constexpr double kLeastTolerance = 0.13;
constexpr double kDoubtful = 2.5;  // times the doubt about a text of an unknown kind
constexpr double kLeastSpread = 0.02;
// The last part of every text is its edges, which vary by themselves: at so many units of text they
// vary as much as the rest.
constexpr double kEdgeUnits = 15.0;

// Deviations from the usual, length and likeness together, from which on a take is refused; where
// likeness does not tell, length alone, a little wider; and where the likeness is beyond chance.
constexpr double kUnlikely = 3.5;
constexpr double kUnlikelyLength = 4.5;
constexpr double kUnlikelyThoughLike = 7.0;
constexpr double kUnlikelyIfUnlike = 2.5;
constexpr double kToleranceThoughLike = 0.25;
constexpr double kVeryUnlike = 2.0;
constexpr double kUnlikeAtAnyLength = 3.0;
// Likeness of unrelated audio deviates by 0.35 / sqrt(sounds). Beyond 2.3 of that it is no chance.
constexpr double kChance = 0.3;
constexpr double kBeyondChance = 0.8;
constexpr double kTellingFrom = 1.5;

// Levels of the last 20 ms against the loud part, in decibels. A voice of which so many takes all
// ended quietly is expected to go on so; not a certainty, so that it takes a short length, too.
constexpr double kQuietEnding = -30.0;
constexpr double kLoudEnding = -25.0;
constexpr std::size_t kQuietEndings = 40;
constexpr double kShortIfLoudEnding = 0.9;

// Expected seconds up to which a doubt may be a voice's manner: of 1,204 utterances three were
// refused at every attempt, at 1.3, 2.5 and 3.2 s.
constexpr double kArguable = 4.0;

double root_of_sounds(const MeasuredTake& take) {
  return std::sqrt(std::max(part(take.parts, text::SpeechPart::sounds), 1.0));
}

// How much wider a short text varies than a long one.
double widening(const text::SpeechParts& parts) {
  return std::sqrt(1 + kEdgeUnits / std::max(text::weighed(parts, text::kUsualWeights), 1.0));
}

bool makes_sense(const MeasuredTake& take) {
  const bool counts = std::ranges::all_of(take.parts, [](double count) { return count >= 0; });
  return counts && take.seconds > 0 && part(take.parts, text::SpeechPart::aksharas) > 0;
}

// The ratio of the length to what is expected, less the slack.
double ratio_to(double expected, double seconds, double slack) {
  const double off = seconds - expected;
  const double beyond = std::max(0.0, std::abs(off) - slack);
  return std::max(0.01, (expected + std::copysign(beyond, off)) / expected);
}

std::string tenths(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", seconds);
  return text.data();
}

std::string lasts(const MeasuredTake& take, double least, double most) {
  return "lasts " + tenths(take.seconds) + " s, and its text takes between " + tenths(least) +
         " and " + tenths(most) + " s";
}

std::int32_t scaled(double value, double scale) {
  return static_cast<std::int32_t>(std::lrint(std::clamp(value * scale, -2e9, 2e9)));
}

}  // namespace

catalog::PaceSample sample_of(const MeasuredTake& take) {
  catalog::PaceSample sample;
  for (std::size_t i = 0; i < take.parts.size(); ++i) sample.parts[i] = scaled(take.parts[i], 100);
  sample.duration_ms = scaled(take.seconds, 1000);
  sample.ending = scaled(take.ending, 10);
  if (take.likeness) sample.likeness = scaled(*take.likeness, 1000);
  return sample;
}

MeasuredTake take_of(const catalog::PaceSample& sample) {
  MeasuredTake take;
  for (std::size_t i = 0; i < take.parts.size(); ++i) take.parts[i] = sample.parts[i] / 100.0;
  take.seconds = sample.duration_ms / 1000.0;
  take.ending = sample.ending / 10.0;
  if (sample.likeness != catalog::PaceSample::kUnmeasured) {
    take.likeness = sample.likeness / 1000.0;
  }
  return take;
}

std::optional<std::string> implausible_length(const MeasuredTake& take, std::string_view language) {
  using text::SpeechPart;
  const Tempo tempo = language == "TAMIL" ? kTamilTempo : kTempo;
  const double aksharas = part(take.parts, SpeechPart::aksharas);
  if (aksharas <= 0) return std::nullopt;
  const double pauses = part(take.parts, SpeechPart::clauses) +
                        part(take.parts, SpeechPart::sentences) +
                        part(take.parts, SpeechPart::lines);
  const double least = std::max(0.0, (aksharas - kSlackAksharas) / tempo.fastest);
  // What is no spelling (aaaah) may be drawn out.
  const double longest = std::max(aksharas, part(take.parts, SpeechPart::sounds) / 2);
  const double most =
      (longest + kSlackAksharas) / tempo.slowest + kSlackSeconds + pauses * kLongestPause;
  if (take.seconds >= least && take.seconds <= most) return std::nullopt;
  return lasts(take, least, most);
}

VoicePace::VoicePace(std::span<const catalog::PaceSample> samples) {
  std::vector<MeasuredTake> takes;
  for (const auto& sample : samples) {
    if (const MeasuredTake take = take_of(sample); makes_sense(take)) takes.push_back(take);
  }
  if (takes.size() < kFewestTakes) return;
  known_ = true;
  fit_ = PaceFit(takes);
  learn_spread(takes);
  learn_likeness(takes);
  ends_quietly_ = takes.size() >= kQuietEndings && std::ranges::all_of(takes, [](const auto& take) {
                    return take.ending < kQuietEnding;
                  });
}

void VoicePace::learn_spread(std::span<const MeasuredTake> takes) {
  std::vector<double> errors;
  for (const MeasuredTake& take : takes) {
    errors.push_back(std::log(take.seconds / expected_seconds(take.parts)) / widening(take.parts));
  }
  // What was fitted to these very takes lies too close to them: so much, of so few.
  const auto count = static_cast<double>(takes.size());
  const double fitted = std::sqrt(count / (count - text::kSpeechParts / 2.0));
  spread_ = std::max(robust_deviation(std::move(errors), 0) * fitted, kLeastSpread);
}

void VoicePace::learn_likeness(std::span<const MeasuredTake> takes) {
  std::vector<double> likenesses;
  std::vector<double> against_chance;
  for (const MeasuredTake& take : takes) {
    if (!take.likeness) continue;
    likenesses.push_back(*take.likeness);
    against_chance.push_back(*take.likeness * root_of_sounds(take));
  }
  if (likenesses.size() < kFewestTakes) return;
  usual_likeness_ = median(std::move(likenesses));
  std::vector<double> deviations;
  for (const MeasuredTake& take : takes) {
    if (!take.likeness) continue;
    deviations.push_back((*take.likeness - usual_likeness_) * root_of_sounds(take) / kChance);
  }
  likeness_spread_ = std::max(robust_deviation(std::move(deviations), 0), 0.5);
  likeness_tells_ = median(std::move(against_chance)) >= kTellingFrom;
}

// 0 for what is as like as usual, or more; in deviations.
double VoicePace::unlikeness(const MeasuredTake& take) const {
  if (!likeness_tells_ || !take.likeness) return 0;
  const double below = (usual_likeness_ - *take.likeness) * root_of_sounds(take) / kChance;
  return std::max(0.0, below / likeness_spread_);
}

bool VoicePace::is_surely_like(const MeasuredTake& take) const {
  return likeness_tells_ && take.likeness && *take.likeness * root_of_sounds(take) > kBeyondChance;
}

// Whose likeness is beyond chance may be off the further the more it is as like as usual.
bool VoicePace::is_acceptable(const MeasuredTake& take, double log_ratio) const {
  const double off = std::abs(log_ratio);
  const double doubt = fit_.doubt(take.parts);
  const double deviation = off / std::hypot(spread_ * widening(take.parts), doubt);
  const double least = std::max(kLeastTolerance, kDoubtful * doubt);
  const double unlike = unlikeness(take);
  if (is_surely_like(take)) {
    const double leeway = std::max(0.0, 1 - unlike / kUnlikeAtAnyLength);
    return off < std::lerp(least, std::max(least, kToleranceThoughLike), leeway) ||
           deviation < std::lerp(kUnlikelyIfUnlike, kUnlikelyThoughLike, leeway);
  }
  if (off < least && unlike < kVeryUnlike) return true;
  if (!likeness_tells_ || !take.likeness) return deviation < kUnlikelyLength;
  return std::hypot(deviation, unlike) < kUnlikely;
}

// A take that ends before its last sound has died away, of a voice that never did, and is short.
bool VoicePace::breaks_off(const MeasuredTake& take, double ratio) const {
  return ends_quietly_ && take.ending > kLoudEnding && ratio < kShortIfLoudEnding;
}

bool VoicePace::is_arguable(const MeasuredTake& take) const {
  const double expected = expected_seconds(take.parts);
  const double ratio = ratio_to(expected, take.seconds, kEdgeSlackSeconds);
  return expected < kArguable && ratio >= kLeastRatio && ratio <= kMostRatio &&
         !breaks_off(take, take.seconds / expected);
}

std::optional<std::string> VoicePace::objection(const MeasuredTake& take) const {
  if (!known_ || part(take.parts, text::SpeechPart::aksharas) <= 0) return std::nullopt;
  const double expected = expected_seconds(take.parts);
  const double slack = is_surely_like(take) ? kEdgeSlackThoughLike : kEdgeSlackSeconds;
  const double ratio = ratio_to(expected, take.seconds, slack);
  if (ratio < kLeastRatio || ratio > kMostRatio) {
    return lasts(take, expected * kLeastRatio, expected * kMostRatio) + " in this voice";
  }
  if (breaks_off(take, take.seconds / expected)) {
    return "was cut off: it ends in a sound, and lasts " + tenths(take.seconds) +
           " s where this voice takes about " + tenths(expected) + " s";
  }
  if (is_acceptable(take, std::log(ratio))) return std::nullopt;
  std::string what = "lasts " + tenths(take.seconds) + " s, where this voice takes about " +
                     tenths(expected) + " s";
  if (unlikeness(take) >= kVeryUnlike) what += ", and does not sound like its text";
  return what;
}

}  // namespace bhashatts::engine
