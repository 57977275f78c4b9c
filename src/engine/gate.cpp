#include "engine/gate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "audio/likeness.h"
#include "audio/loudness.h"
#include "audio/speech_check.h"
#include "base/log.h"
#include "bhashatts/error.h"
#include "text/sounds.h"

namespace bhashatts::engine {
namespace {

// A voice is learned anew after so many takes, or so much time for those of other processes; while
// it is not known, each time.
constexpr int kPassesBetween = 8;
constexpr std::chrono::seconds kFresh{10};
// Synthesizers times languages times styles; past that somebody makes them up.
constexpr std::size_t kMostVoices = 256;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::bad_audio, "the audio " + what + "; it was not kept: try again", true);
}

audio::Pcm decoded(std::span<const std::byte> audio) {
  try {
    return audio::decode(audio);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_audio) throw;
    throw Error(ErrorCode::bad_audio, error.what(), true).detailed(error.detail());
  }
}

// Whether an earlier take was as long, to 5 %. This one is remembered.
bool agrees(double seconds, Gate::Doubted& doubted) {
  const bool alike = std::ranges::any_of(
      doubted, [&](double other) { return std::abs(seconds - other) <= 0.05 * other; });
  doubted.push_back(seconds);
  return alike;
}

MeasuredTake measured(std::string_view text, const audio::Pcm& pcm, const audio::Loudness& heard) {
  return {.parts = text::speech_parts(text),
          .seconds = static_cast<double>(pcm.samples.size()) / pcm.sample_rate,
          .likeness = audio::likeness(heard, text::sounds(text)),
          .ending = audio::ending_level(pcm, heard)};
}

}  // namespace

Gate::Passed Gate::pass(const std::string& synthesizer, const Plan& plan,
                        const Utterance& utterance, std::span<const std::byte> audio,
                        Doubted& doubted) {
  auto pcm = std::make_shared<const audio::Pcm>(decoded(audio));
  const audio::Loudness heard = audio::loudness(*pcm);
  if (const auto fault = audio::fault_of_speech(*pcm, heard)) refuse(*fault);
  const MeasuredTake take = measured(utterance.text, *pcm, heard);
  if (const auto fault = implausible_length(take, plan.language->name)) refuse(*fault);
  const Key voice = catalog::voice_key(synthesizer, plan.language->name, plan.voice_style->name);
  const auto pace = pace_of(voice);
  if (const auto fault = pace->objection(take)) {
    if (!pace->is_arguable(take) || !agrees(take.seconds, doubted)) refuse(*fault);
    log(LogLevel::info, "gate", "kept, for the voice says it so each time: the audio " + *fault);
  }
  return {.pcm = std::move(pcm), .pace = sample_of(take)};
}

bool Gate::is_fresh(const Known& known) {
  return known.pace->is_known() && known.passes < kPassesBetween &&
         std::chrono::steady_clock::now() - known.learned < kFresh;
}

std::shared_ptr<const VoicePace> Gate::remembered(const Key& voice) {
  const MutexLock lock(mutex_);
  const auto found = known_.find(voice);
  if (found == known_.end() || !is_fresh(found->second)) return nullptr;
  ++found->second.passes;
  return found->second.pace;
}

// Learned outside the lock: two threads at once learn the same.
std::shared_ptr<const VoicePace> Gate::pace_of(const Key& voice) {
  if (auto pace = remembered(voice)) return pace;
  auto pace = std::make_shared<const VoicePace>(catalog_.paces(voice));
  const MutexLock lock(mutex_);
  if (known_.size() >= kMostVoices) known_.clear();
  known_[voice] = {.pace = pace, .passes = 0, .learned = std::chrono::steady_clock::now()};
  return pace;
}

}  // namespace bhashatts::engine
