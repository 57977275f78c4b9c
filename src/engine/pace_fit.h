// How many seconds a voice gives to each part of a text, fitted to takes of it.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <span>
#include <vector>

#include "engine/voice_pace.h"

namespace bhashatts::engine {

double median(std::vector<double> values);  // 0 of none
// A standard deviation that a third of outliers does not move: 1.48 times the median deviation.
double robust_deviation(std::vector<double> values, double center);

// Begins with the usual proportions of the parts at the voice's median pace; takes pull the
// proportions away from there as far as they agree (ridge regression on relative lengths, outliers
// weighed down).
text::SpeechParts fitted_weights(std::span<const MeasuredTake> takes);

}  // namespace bhashatts::engine
