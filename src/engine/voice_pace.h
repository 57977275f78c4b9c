// Whether a take is as long as its text, and sounds like it: judged by how its voice has spoken.
//
// Of a voice of which little is known only what nobody speaks is refused. From kFewestTakes on its
// own pace holds, 0.6 to 1.6 times of it; and where the voice is steady its own spread draws the
// limits closer, never closer than 13 %. Length alone cannot tell another page's audio, which one
// time in three is nearly as long; the likeness of audio and text (audio/likeness.h) does, where
// takes of this voice have shown that it tells. The two add up: a take is refused that is unlikely
// in both.
//
// Thread rule: immutable once made; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catalog/catalog.h"
#include "engine/measured_take.h"
#include "engine/pace_fit.h"
#include "text/speech_parts.h"

namespace bhashatts::engine {

// What is wrong with its length, whoever speaks; nothing when nothing is. language: its name in the
// registry.
std::optional<std::string> implausible_length(const MeasuredTake& take, std::string_view language);

class VoicePace {
 public:
  static constexpr std::size_t kFewestTakes = 20;

  VoicePace() = default;
  // Samples that make no sense are left out. 128 are learned from in 25 us.
  explicit VoicePace(std::span<const catalog::PaceSample> samples);

  bool is_known() const { return known_; }
  // What is wrong with the take, for people; nothing when nothing is, or the voice is not known.
  std::optional<std::string> objection(const MeasuredTake& take) const;

  // Of a take that is objected to: whether only statistics speak against it, and the text is so
  // short that they say little.
  bool is_arguable(const MeasuredTake& take) const;

  // For tests and surveys.
  double expected_seconds(const text::SpeechParts& parts) const {
    return fit_.expected_seconds(parts);
  }
  double spread() const { return spread_; }
  bool likeness_tells() const { return likeness_tells_; }

 private:
  void learn_spread(std::span<const MeasuredTake> takes);
  void learn_likeness(std::span<const MeasuredTake> takes);
  double unlikeness(const MeasuredTake& take) const;
  bool is_surely_like(const MeasuredTake& take) const;
  bool breaks_off(const MeasuredTake& take, double ratio) const;
  bool is_acceptable(const MeasuredTake& take, double log_ratio) const;

  bool known_ = false;
  PaceFit fit_;
  double spread_ = 0.0;  // standard deviation of log(length / expected), of a long text
  bool ends_quietly_ = false;
  bool likeness_tells_ = false;
  double usual_likeness_ = 0.0;
  double likeness_spread_ = 0.0;  // in units of what chance would make of it
};

}  // namespace bhashatts::engine
