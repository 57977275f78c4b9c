// What the engine gives out is held against what can be computed apart from it: the masters come
// out of the stream as FLAC, are joined here once more, and must be the page, sample for sample;
// the places of that join are what steps and levels are measured by. Limits are the requirement's
// own, and none is wider for espeak-ng than for any voice.
#include "tests/support/page_trial.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <span>
#include <utility>

#include "audio/join.h"
#include "audio/level.h"
#include "audio/resample.h"
#include "bhashatts/error.h"
#include "bhashatts/text.h"
#include "synth/espeak.h"
#include "tests/audio/speechlike.h"
#include "tests/support/timings_check.h"
#include "text/aksharas.h"
#include "text/utterances.h"

namespace bhashatts::testing {
namespace {

constexpr double kMostUneven = 1.0;  // dB
constexpr double kFewestOpusTimes = 12;
constexpr std::int64_t kAroundJoinMs = 5;

using Places = std::vector<audio::Joined::Place>;

std::string with_number(const char* what, double number) {
  std::array<char, 200> text{};
  std::snprintf(text.data(), text.size(), "%s: %.2f", what, number);
  return text.data();
}

audio::Pcm piece(const audio::Pcm& pcm, const audio::Joined::Place& place) {
  const auto at = [&](std::size_t sample) {
    return pcm.samples.begin() + static_cast<std::ptrdiff_t>(sample);
  };
  return {pcm.sample_rate, {at(place.begin), at(place.end)}};
}

double spread(const std::vector<double>& levels) {
  if (levels.empty()) return 0;
  return std::ranges::max(levels) - std::ranges::min(levels);
}

constexpr double kSilent = -60;  // dBFS
constexpr double kLoud = -20;    // below the loudest frame

// dBFS of the frames of 20 ms that are not softer than `least`.
double level_over(const audio::Pcm& pcm, double least) {
  const std::size_t frame = pcm.sample_rate / 50;
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i + frame <= pcm.samples.size(); i += frame) {
    const double level = rms_dbfs(Samples(pcm.samples).subspan(i, frame));
    if (level < least) continue;
    sum += std::pow(10, level / 10);
    ++count;
  }
  return count > 0 ? 10 * std::log10(sum / count) : -120;
}

double loudest_frame(const audio::Pcm& pcm) {
  const std::size_t frame = pcm.sample_rate / 50;
  double loudest = -120;
  for (std::size_t i = 0; i + frame <= pcm.samples.size(); i += frame) {
    loudest = std::max(loudest, rms_dbfs(Samples(pcm.samples).subspan(i, frame)));
  }
  return loudest;
}

// ---- one page

struct Heard {
  std::vector<audio::Pcm> masters;
  std::vector<std::int64_t> pauses;
  std::vector<audio::Part> parts() const {
    std::vector<audio::Part> all;
    for (std::size_t i = 0; i < masters.size(); ++i) all.push_back({&masters[i], pauses[i]});
    return all;
  }
};

class PageJudge {
 public:
  PageJudge(const Heard& heard, const Speech& wav)
      : heard_(heard),
        metadata_(wav.metadata()),
        page_(audio::decode(wav.audio().span())),
        joined_(audio::join(heard.parts())) {}

  PageFindings findings;

  void judge() {
    findings.utterances = heard_.masters.size();
    findings.seconds = static_cast<double>(page_.samples.size()) / page_.sample_rate;
    judge_length();
    judge_places();
    judge_joins();
    judge_levels();
    judge_peaks();
  }

  void expect(bool holds, std::string fault) {
    if (!holds) findings.faults.push_back(std::move(fault));
  }

 private:
  void judge_length() {
    expect(joined_.pcm == page_, "length: the page is not the join of its utterances");
    std::size_t sum = 0;
    for (std::size_t i = 0; i < joined_.places.size(); ++i) {
      expect(joined_.places[i].begin == sum, "length: a place does not follow its pause");
      sum = joined_.places[i].end + samples_in(heard_.pauses[i], page_.sample_rate);
    }
    expect(sum == page_.samples.size(), "length: not the sum of utterances and pauses");
    expect(metadata_.duration_ms == page_.duration_ms(), "length: another than is told");
  }

  // What is kept of the places, in ms, is what they are in samples.
  void judge_places() {
    const auto& places = metadata_.places;
    expect(places.size() == joined_.places.size(), "places: not one an utterance");
    for (std::size_t i = 0; i < std::min(places.size(), joined_.places.size()); ++i) {
      expect(off_by_ms(places[i].start_ms, joined_.places[i].begin) < 1, "places: a wrong start");
      expect(off_by_ms(places[i].end_ms, joined_.places[i].end) <= 0.5, "places: a wrong end");
    }
  }

  double off_by_ms(std::int64_t ms, std::size_t sample) const {
    return std::abs(static_cast<double>(ms) -
                    static_cast<double>(sample) * 1'000 / page_.sample_rate);
  }

  // The largest step between two samples within 5 ms of `at`, and the largest inside a place.
  int step_around(std::size_t at) const {
    const std::size_t reach = samples_in(kAroundJoinMs, page_.sample_rate);
    const std::size_t begin = at - std::min(at, reach);
    const std::size_t end = std::min(page_.samples.size(), at + reach);
    return largest_step(Samples(page_.samples).subspan(begin, end - begin));
  }
  int step_inside(const audio::Joined::Place& place) const {
    const std::size_t edge = samples_in(kAroundJoinMs, page_.sample_rate);
    if (place.end - place.begin <= 2 * edge) return 0;
    return largest_step(
        Samples(page_.samples).subspan(place.begin + edge, place.end - place.begin - 2 * edge));
  }

  void judge_joins() {
    std::vector<int> inside;
    for (const auto& place : joined_.places) inside.push_back(step_inside(place));
    const double largest = std::max(1, std::ranges::max(inside));
    for (std::size_t i = 0; i + 1 < joined_.places.size(); ++i) {
      const double step =
          std::max(step_around(joined_.places[i].end), step_around(joined_.places[i + 1].begin));
      const double softer = std::max(1, std::min(inside[i], inside[i + 1]));
      findings.step_at_joins = std::max(findings.step_at_joins, step / largest);
      findings.step_beside = std::max(findings.step_beside, step / softer);
    }
    expect(findings.step_at_joins <= 1, with_number("a click at a join", findings.step_at_joins));
  }

  void judge_levels() {
    std::vector<double> before, after, sound, loud;
    for (std::size_t i = 0; i < joined_.places.size(); ++i) {
      const audio::Pcm part = piece(page_, joined_.places[i]);
      before.push_back(audio::speech_level(heard_.masters[i]).dbfs);
      after.push_back(audio::speech_level(part).dbfs);
      sound.push_back(level_over(part, kSilent));
      loud.push_back(level_over(part, loudest_frame(part) + kLoud));
    }
    findings.uneven_before = spread(before);
    findings.uneven = spread(after);
    findings.uneven_sound = spread(sound);
    findings.uneven_loud = spread(loud);
    if (std::max(findings.uneven, findings.uneven_sound) <= kMostUneven) return;
    for (std::size_t i = 0; i < after.size(); ++i) explain_level(i, before[i], after[i], sound[i]);
  }

  // For people: which utterance is too loud or too soft, and what held it there.
  void explain_level(std::size_t i, double before, double after, double sound) {
    const audio::Pcm part = piece(page_, joined_.places[i]);
    std::array<char, 200> text{};
    std::snprintf(
        text.data(), text.size(),
        "loudness: utterance %zu of %zu at %.1f dB (all sound: %.1f), was at %.1f, peak %.1f",
        i + 1, joined_.places.size(), after, sound, before,
        20 * std::log10(audio::true_peak(part.samples) / 32'768.0 + 1e-9));
    findings.faults.emplace_back(text.data());
  }

  // What is by itself is given as the voice said it; what is joined leaves 1 dB of room.
  void judge_peaks() {
    findings.peak = 20 * std::log10(audio::true_peak(page_.samples) / 32'768.0 + 1e-9);
    expect(peak(page_.samples) < 32'767, "clipping: a sample at full scale");
    if (findings.utterances > 1) {
      expect(findings.peak <= -0.95, with_number("clipping: peak in dBFS", findings.peak));
    }
  }

  const Heard& heard_;
  const AudioMetadata& metadata_;
  const audio::Pcm page_;
  const audio::Joined joined_;
};

std::vector<std::string> utterances_of(const std::string& language, const std::string& page) {
  std::vector<std::string> all;
  const std::string spoken = spoken_text(page);
  const text::SplitOptions options{.language = language, .most = most_aksharas(language)};
  for (const auto& one : text::utterances(spoken, options)) all.emplace_back(one.spoken);
  return all;
}

Heard listen(SpeechStream stream) {
  Heard heard;
  while (const auto piece = stream.next()) {
    heard.masters.push_back(audio::decode(piece->audio.span()));
    heard.pauses.push_back(piece->pause_after_ms);
  }
  return heard;
}

void judge_opus(PageJudge& judge, const Speech& wav, const Speech& opus) {
  const double times =
      static_cast<double>(wav.audio().size()) / static_cast<double>(opus.audio().size());
  judge.findings.wav_per_opus = times;
  judge.expect(times >= kFewestOpusTimes, with_number("opus: smaller only by", times));
  const auto length = audio::decode(opus.audio().span()).duration_ms();
  judge.expect(std::abs(length - wav.metadata().duration_ms) <= 1, "opus: of another length");
  judge.expect(opus.metadata().places == wav.metadata().places, "opus: other places");
}

}  // namespace

double most_aksharas(const std::string& language) {
  return PageTrial::kMaxAksharas * (language == "TAMIL" ? 1.2 : 1.0);
}

// espeak-ng as an upstream: with a limit, and calls that are counted.
class PageTrial::LimitedVoice final : public Synthesizer {
 public:
  std::string identity() const override { return espeak_->identity(); }
  SynthesizerLimits limits() const override {
    SynthesizerLimits limits = espeak_->limits();
    limits.max_aksharas = kMaxAksharas;
    return limits;
  }
  SynthesisResult synthesize(const SynthesisRequest& request) override {
    ++calls_;
    if (text::akshara_weight(request.text) > most_aksharas(std::string(request.language))) ++over_;
    return espeak_->synthesize(request);
  }
  SynthesizerStatus status() override { return espeak_->status(); }

  std::size_t calls() const { return calls_; }
  std::size_t over_limit() const { return over_; }

 private:
  std::shared_ptr<Synthesizer> espeak_ = synth::make_espeak({});
  std::atomic<std::size_t> calls_{0};
  std::atomic<std::size_t> over_{0};
};

PageTrial::PageTrial() : voice_(std::make_shared<LimitedVoice>()) {
  Config config;
  config.data_dir = (directory_ / "data").string();
  config.min_free_bytes = 1;
  Parts parts;
  parts.synthesizer = voice_;
  engine_ = std::make_unique<TtsEngine>(TtsEngine::open(config, parts));
}

PageTrial::~PageTrial() = default;

PageFindings PageTrial::hear(const std::string& language, const std::string& page) {
  const std::size_t calls = voice_->calls();
  const std::size_t over = voice_->over_limit();
  SpeechRequest request{.text = page, .language = language, .format = AudioFormat::flac};
  try {
    const Heard heard = listen(engine_->stream(request));
    request.format = AudioFormat::wav;
    const Speech wav = engine_->synthesize(request);
    PageJudge judge(heard, wav);
    judge.judge();
    request.format = AudioFormat::opus;
    judge_opus(judge, wav, engine_->synthesize(request));
    const auto spoken = utterances_of(language, page);
    for (std::string& fault : faults_of_timings(engine_->timings(request, wav), page, spoken)) {
      judge.expect(false, std::move(fault));
    }
    judge.expect(voice_->over_limit() == over, "an utterance over the limit");
    judge.findings.syntheses = voice_->calls() - calls;
    return std::move(judge.findings);
  } catch (const Error& error) {
    PageFindings findings;
    findings.faults.push_back(std::string("not made: ") + error.what());
    return findings;
  }
}

}  // namespace bhashatts::testing
