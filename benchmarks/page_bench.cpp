// A page of ten sentences on the real clock, over an upstream that takes 500 ms a call and bears
// four at once: how soon the first sentence is heard, as a ratio to one call (goal 1.1), and how
// soon the whole page is there, as a ratio to the ideal schedule of three calls one after the other
// (goal 1.15). The injected clock of tests/engine/page_test.cpp proves the schedule; here is what
// gate, FLAC, disk, joining and encoding add to it. The sentences come as 44 kHz, as the voice
// model gives them, for those cost most to encode.
//
// Measured as wav, on two cores that others used as well: 1.07 and 1.10. Opus costs 18 ms of
// processor a second of sound, for the streamed sentences and once more for the page of 51 s, and
// so 1.3 and 2.0: what is derived is made once, and an upstream that is slower than 500 ms hides
// it.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "audio/codec.h"
#include "benchmarks/engine_rivals.h"
#include "bhashatts/engine.h"
#include "tests/support/fake_speech.h"

namespace bhashatts::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kCall{500};
constexpr int kSentences = 10;
constexpr std::int32_t kConcurrency = 4;
constexpr double kOneCall = 0.5;
constexpr double kIdeal = 1.5;  // 4 + 4 + 2 calls

class SlowVoice final : public Synthesizer {
 public:
  std::string identity() const override { return "slow"; }
  SynthesizerLimits limits() const override {
    return {.max_aksharas = 50, .concurrency = kConcurrency};
  }
  SynthesizerStatus status() override { return {}; }

  // What the sound costs to make is the upstream's, and within its 500 ms.
  SynthesisResult synthesize(const SynthesisRequest& request) override {
    const auto ready = Clock::now() + kCall;
    SharedBytes wav = spoken(request.text);
    std::unique_lock lock(mutex_);
    while (never_.wait_until(lock, ready) != std::cv_status::timeout) {
    }
    return {.audio = std::move(wav), .compute_ms = kCall.count()};
  }

 private:
  static SharedBytes spoken(std::string_view text) {
    const auto samples = static_cast<std::size_t>(44'000 * testing::fake_seconds(text));
    testing::FakeSpeech speech = testing::fake_speech(text, text, samples);
    return audio::encode({.sample_rate = speech.rate, .samples = std::move(speech.samples)},
                         AudioFormat::wav);
  }

  std::mutex mutex_;
  std::condition_variable never_;  // nobody notifies it
};

// Another page each time, of sentences as children's books have them: about 25 aksharas.
std::string new_page() {
  static int number = 0;
  std::string page;
  for (int i = 0; i < kSentences; ++i) {
    page += "नदी के किनारे बैठा छोटा मोर " + std::to_string(++number) + " बार नाचा और सब बच्चे हँस पड़े। ";
  }
  return page;
}

struct Rig {
  Rig() {
    Config config;
    config.data_dir = (directory / "data").string();
    config.min_free_bytes = 1;
    Parts parts;
    parts.synthesizer = std::make_shared<SlowVoice>();
    engine = std::make_unique<TtsEngine>(TtsEngine::open(config, parts));
  }
  Directory directory;
  std::unique_ptr<TtsEngine> engine;
};

double seconds_since(Clock::time_point begin) { return Seconds(Clock::now() - begin).count(); }

struct Times {
  std::vector<double> seconds;

  double middle() {
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
  }
  void report(benchmark::State& state, const std::string& name, double ideal) {
    state.counters[name] = middle() / ideal;
    state.counters[name + "_worst"] = seconds.back() / ideal;
  }
};

void streamed(benchmark::State& state) {
  Rig rig;
  const auto format = static_cast<AudioFormat>(state.range(0));
  Times first, whole;
  for (auto _ : state) {
    const std::string page = new_page();
    const auto begin = Clock::now();
    SpeechStream stream = rig.engine->stream({.text = page, .format = format});
    must(stream.next().has_value());
    first.seconds.push_back(seconds_since(begin));
    int heard = 1;
    while (stream.next()) ++heard;
    whole.seconds.push_back(seconds_since(begin));
    state.SetIterationTime(whole.seconds.back());
    if (heard != kSentences) state.SkipWithError("not ten sentences");
  }
  first.report(state, "first_to_one_call", kOneCall);
  whole.report(state, "whole_to_ideal", kIdeal);
}

void whole_page(benchmark::State& state) {
  Rig rig;
  const auto format = static_cast<AudioFormat>(state.range(0));
  Times whole;
  for (auto _ : state) {
    const std::string page = new_page();
    const auto begin = Clock::now();
    const Speech speech = rig.engine->synthesize({.text = page, .format = format});
    whole.seconds.push_back(seconds_since(begin));
    state.SetIterationTime(whole.seconds.back());
    state.counters["s_of_sound"] = static_cast<double>(speech.metadata().duration_ms) / 1e3;
    if (speech.metadata().utterances != kSentences) state.SkipWithError("not ten sentences");
  }
  whole.report(state, "whole_to_ideal", kIdeal);
}

void formats(benchmark::internal::Benchmark* all) {
  all->ArgName("format")->Iterations(7)->UseManualTime()->Unit(benchmark::kMillisecond);
  for (const AudioFormat format : {AudioFormat::wav, AudioFormat::opus}) {
    all->Arg(static_cast<int>(format));
  }
}
BENCHMARK(streamed)->Apply(formats);
BENCHMARK(whole_page)->Apply(formats);

}  // namespace
}  // namespace bhashatts::bench

BENCHMARK_MAIN();
