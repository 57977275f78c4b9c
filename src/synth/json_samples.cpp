#include "synth/json_samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "audio/codec.h"
#include "bhashatts/error.h"
#include "net/header_values.h"

namespace bhashatts::synth {
namespace {

constexpr double kFullScale = 32'767.0;
constexpr double kMostWhole = 32'768.0;
constexpr int kMostWrappings = 4;

// [[[...]]] -> [...], as long as a list holds one list and nothing else.
const Json& unwrapped(const Json& list) {
  const Json* at = &list;
  for (int i = 0; i < kMostWrappings && at->is_array() && at->size() == 1; ++i) {
    if (!at->front().is_array()) break;
    at = &at->front();
  }
  return *at;
}

bool is_sample(const Json& json) { return json.is_number() || json.is_null(); }

// [0.1] stands for 0.1: the samples of one channel, as rows.
const Json& single(const Json& json) {
  return json.is_array() && json.size() == 1 ? json.front() : json;
}

std::optional<std::uint32_t> rate_in(const Json& object) {
  constexpr std::array<std::string_view, 5> kNames{"sampling_rate", "sample_rate", "samplingRate",
                                                   "sampleRate", "rate"};
  if (!object.is_object()) return std::nullopt;
  for (const std::string_view name : kNames) {
    const auto found = object.find(std::string(name));
    if (found == object.end() || !found->is_number()) continue;
    const double rate = found->get<double>();
    if (rate >= 1 && rate <= 1e6) return static_cast<std::uint32_t>(rate);
  }
  return std::nullopt;
}

std::vector<double> numbers_in(const Json& list) {
  std::vector<double> numbers;
  numbers.reserve(list.size());
  for (const Json& item : list) {
    const Json& sample = single(item);
    if (!sample.is_number()) {
      throw Error(ErrorCode::bad_audio, "the samples in the JSON are not all numbers", true);
    }
    numbers.push_back(sample.get<double>());
  }
  return numbers;
}

bool is_whole(double number) { return number == std::trunc(number); }

// 1 for 16-bit samples, which have no fractions and go far beyond 1.
double scale_of(const std::vector<double>& numbers) {
  const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  const double peak = std::max(std::abs(*least), std::abs(*most));
  const bool whole = peak > 1 && peak <= kMostWhole;
  return whole && std::all_of(numbers.begin(), numbers.end(), is_whole) ? 1.0 : kFullScale;
}

}  // namespace

bool holds_samples(const Json& list) {
  const Json& samples = unwrapped(list);
  if (!samples.is_array() || samples.empty()) return false;
  const Json& first = samples.front();
  return is_sample(single(first)) ||
         (first.is_array() && !first.empty() && is_sample(first.front()));
}

SharedBytes wav_of(const Json& list, const Json& beside) {
  const auto rate = rate_in(beside);
  if (!rate) {
    throw Error(ErrorCode::bad_audio,
                "the upstream sent samples without a sampling_rate beside them: have it send wav");
  }
  const std::vector<double> numbers = numbers_in(unwrapped(list));
  if (numbers.empty()) throw Error(ErrorCode::bad_audio, "the upstream sent no samples", true);
  audio::Pcm pcm{.sample_rate = *rate, .samples = {}};
  pcm.samples.reserve(numbers.size());
  const double scale = scale_of(numbers);
  for (const double number : numbers) {
    const double scaled = std::clamp(number * scale, -kMostWhole, kFullScale);
    pcm.samples.push_back(static_cast<std::int16_t>(std::lrint(scaled)));
  }
  return audio::encode(pcm, AudioFormat::wav);
}

}  // namespace bhashatts::synth
