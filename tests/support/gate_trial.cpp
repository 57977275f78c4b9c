#include "tests/support/gate_trial.h"

#include <chrono>
#include <map>
#include <memory>

#include "base/hash.h"
#include "bhashatts/error.h"
#include "bhashatts/voices.h"
#include "engine/gate.h"
#include "synth/espeak.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::testing {
namespace {

constexpr std::string_view kVoice = "espeak";

SharedBytes wav_of(const audio::Pcm& pcm) { return audio::encode(pcm, AudioFormat::wav); }

class Trial {
 public:
  Trial(const std::string& language, const std::vector<std::string>& pages) : pages_(pages) {
    plan_.language = find_language(language);
    plan_.voice_style = find_voice_style("storyteller");
  }

  void teach(std::size_t page) {
    const auto pace = pass(gate_, page, wav_of(spoken(page)));
    if (!pace) return;
    const Key key = KeyHasher().field(static_cast<std::int64_t>(page)).finish();
    catalog::Made made{.utterance = {}, .speech = {}, .settled = {}, .reservation = 0};
    made.utterance.base = made.utterance.metadata.key = key;
    made.utterance.metadata.synthesizer = kVoice;
    made.utterance.metadata.language = plan_.language->name;
    made.utterance.metadata.voice_style = plan_.voice_style->name;
    made.pace = *pace;
    catalog_->commit(made);
  }

  void judge(std::size_t page, GateTrial& trial) {
    const audio::Pcm whole = spoken(page);
    trial.pages += 1;
    trial.accepted_cold += pass(untaught_gate_, page, wav_of(whole)) ? 1 : 0;
    if (pass(gate_, page, wav_of(whole))) {
      trial.accepted += 1;
    } else {
      trial.refusals.push_back(plan_.language->name + " page " + std::to_string(page) + ": " +
                               refusal_);
    }
    for (std::size_t i = 0; i < kDamages; ++i) {
      const auto bad = damaged(whole, spoken((page + 1) % pages_.size()), Damage{i});
      trial.refused[i] += pass(gate_, page, wav_of(bad)) ? 0 : 1;
    }
  }

 private:
  static std::unique_ptr<catalog::Catalog> open_catalog(const std::filesystem::path& directory) {
    return catalog::Catalog::open({.directory = directory, .map_bytes = 64 << 20});
  }

  const audio::Pcm& spoken(std::size_t page) {
    const auto [found, is_new] = spoken_.try_emplace(page);
    if (is_new) {
      const SynthesisRequest request{
          .text = pages_[page],
          .language = plan_.language->name,
          .voice_style = plan_.voice_style->name,
          .description = {},
          .deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2),
          .stop = {}};
      found->second = audio::decode(espeak_->synthesize(request).audio.span());
    }
    return found->second;
  }

  std::optional<catalog::PaceSample> pass(engine::Gate& gate, std::size_t page,
                                          const SharedBytes& audio) {
    const engine::Utterance utterance{.text = pages_[page], .base = {}, .key = {}};
    engine::Gate::Doubted none;
    try {
      return gate.pass(std::string(kVoice), plan_, utterance, audio.span(), none).pace;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::bad_audio) throw;
      refusal_ = error.what();
      return std::nullopt;
    }
  }

  const std::vector<std::string>& pages_;
  engine::Plan plan_;
  std::string refusal_;
  TempDir directory_;
  std::unique_ptr<catalog::Catalog> catalog_ = open_catalog(directory_ / "taught");
  std::unique_ptr<catalog::Catalog> empty_ = open_catalog(directory_ / "untaught");
  engine::Gate gate_{*catalog_};
  engine::Gate untaught_gate_{*empty_};
  std::shared_ptr<Synthesizer> espeak_ = synth::make_espeak({});
  std::map<std::size_t, audio::Pcm> spoken_;
};

}  // namespace

void GateTrial::add(const GateTrial& other) {
  pages += other.pages;
  accepted += other.accepted;
  accepted_cold += other.accepted_cold;
  for (std::size_t i = 0; i < kDamages; ++i) refused[i] += other.refused[i];
  refusals.insert(refusals.end(), other.refusals.begin(), other.refusals.end());
}

GateTrial try_gate(const std::string& language, const std::vector<std::string>& pages,
                   std::size_t count) {
  Trial trial(language, pages);
  std::vector<bool> is_judged(pages.size(), false);
  for (std::size_t i = 0; i < count; ++i) is_judged[i * pages.size() / count] = true;
  std::size_t taught = 0;
  for (std::size_t i = 0; i < pages.size() && taught < catalog::kPacesKept; ++i) {
    if (is_judged[i]) continue;
    trial.teach(i);
    ++taught;
  }
  GateTrial result;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (is_judged[i]) trial.judge(i, result);
  }
  return result;
}

}  // namespace bhashatts::testing
