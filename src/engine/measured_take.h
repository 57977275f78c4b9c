// What the gate knows of one take, and how the catalog keeps it.
//
// Thread rule: values and pure functions.
#pragma once

#include <optional>

#include "catalog/catalog.h"
#include "text/speech_parts.h"

namespace bhashatts::engine {

struct MeasuredTake {
  text::SpeechParts parts{};
  double seconds = 0.0;
  std::optional<double> likeness = {};
  double ending = 0.0;  // level of the last 20 ms against the loud part, in decibels
};

catalog::PaceSample sample_of(const MeasuredTake& take);
MeasuredTake take_of(const catalog::PaceSample& sample);

}  // namespace bhashatts::engine
