// The engine as its user sees it, beside the least that could do the same work: counters named
// ratio_to_... are ours / theirs, measured in the same run, so that they mean the same on any
// machine. The targets: repeated hit <= 4 x mdb_get, new spelling <= 15 us, first touch <= 1.5 x
// open + mmap + XXH3, miss <= 1.3 x one durable file and two commits, opening < 10 ms.
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "audio/codec.h"
#include "bhashatts/engine.h"
#include "engine_rivals.h"

namespace bhashatts::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kSmall = 60'000;     // bytes of WAV
constexpr std::int64_t kLarge = 1'000'000;  // 23 s of speech
// 153 characters: the median page of a children's story.
constexpr std::string_view kPage =
    "एक घने जंगल में एक छोटा सा खरगोश रहता था। उसका नाम चीकू था और उसे गाजर बहुत पसंद थी। हर सुबह "
    "वह नदी के किनारे जाता और पानी में अपना चेहरा देखकर हँसता।";

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Audio that is there already: the synthesizer costs nothing.
class NullVoice final : public Synthesizer {
 public:
  explicit NullVoice(std::int64_t wav_bytes) {
    audio::Pcm pcm{.sample_rate = 22'050, .samples = {}};
    std::uint32_t noise = 1;
    for (std::int64_t i = 0; i < (wav_bytes - 44) / 2; ++i) {
      noise = noise * 1'664'525U + 1'013'904'223U;
      const auto swell = static_cast<std::int32_t>((i * 37) % 8'000) - 4'000;  // as speech packs
      pcm.samples.push_back(static_cast<std::int16_t>(swell + static_cast<int>(noise >> 25U)));
    }
    wav_ = audio::encode(pcm, AudioFormat::wav);
  }
  std::string identity() const override { return "null"; }
  SynthesizerLimits limits() const override { return {.concurrency = 4}; }
  SynthesisResult synthesize(const SynthesisRequest&) override {
    return {.audio = wav_, .compute_ms = 1};
  }
  SynthesizerStatus status() override { return {}; }
  const SharedBytes& wav() const { return wav_; }

 private:
  SharedBytes wav_;
};

TtsEngine open_engine(const std::filesystem::path& data, std::int64_t wav_bytes,
                      std::int64_t memory_entries = 8'192) {
  Config config;
  config.data_dir = data.string();
  config.memory_max_entries = memory_entries;
  config.min_free_bytes = 1;
  Parts parts;
  parts.synthesizer = std::make_shared<NullVoice>(wav_bytes);
  return TtsEngine::open(config, parts);
}

// An engine that has served the page, and the same bytes in LMDB and in a file.
struct Rig {
  explicit Rig(std::int64_t bytes)
      : engine(open_engine(directory / "data", bytes)), lmdb(directory / "lmdb") {
    const Speech speech = engine.synthesize({.text = kPage});
    lmdb.put(key, speech.audio().chars());
    file = directory / "audio.wav";
    write_durably(file, speech.audio().chars());
    engine.flush();
  }
  static Rig& of(std::int64_t bytes) {
    static std::map<std::int64_t, std::unique_ptr<Rig>> rigs;
    auto& rig = rigs[bytes];
    if (!rig) rig = std::make_unique<Rig>(bytes);
    return *rig;
  }
  Directory directory;
  TtsEngine engine;
  BareLmdb lmdb;
  std::filesystem::path file;
  std::string key = "0123456789abcdef";
};

// Of this thread, so that a busy machine tells little; nothing that is compared by it waits.
double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <typename Action>
double batch_ns(const Action& action) {
  const double begin = processor_seconds();
  int calls = 0;
  while (processor_seconds() - begin < 0.002) {
    for (int i = 0; i < 16; ++i) benchmark::DoNotOptimize(action());
    calls += 16;
  }
  return (processor_seconds() - begin) * 1e9 / calls;
}

double median(std::vector<double> all) {
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
}

// Nanoseconds of one call of each, in batches that take turns.
template <typename Ours, typename Theirs>
std::pair<double, double> ns_of(const Ours& ours, const Theirs& theirs) {
  std::vector<double> our_ns;
  std::vector<double> their_ns;
  for (int batch = 0; batch < 25; ++batch) {
    our_ns.push_back(batch_ns(ours));
    their_ns.push_back(batch_ns(theirs));
  }
  return {median(our_ns), median(their_ns)};
}

template <typename Ours, typename Theirs>
void compare(benchmark::State& state, const char* rival, const Ours& ours, const Theirs& theirs) {
  for (auto _ : state) benchmark::DoNotOptimize(ours());
  const auto [our_ns, their_ns] = ns_of(ours, theirs);
  state.counters["us"] = our_ns / 1e3;
  state.counters[rival] = our_ns / their_ns;
}

void repeated_hit(benchmark::State& state) {
  Rig& rig = Rig::of(state.range(0));
  compare(
      state, "ratio_to_mdb_get", [&] { return rig.engine.synthesize({.text = kPage}).cached(); },
      [&] { return rig.lmdb.get(rig.key); });
  std::string buffer(static_cast<std::size_t>(state.range(0)) + 1'000, '\0');
  const double read_ns = batch_ns([&] { return read_whole(rig.file, buffer); });
  state.counters["ratio_to_file_read"] = state.counters["us"] * 1e3 / read_ns;
}

// More spellings than the memo holds, asked in turn: it has always just forgotten the next one.
std::vector<std::string> spellings() {
  std::vector<std::string> all;
  for (unsigned number = 0; number < 32'768; ++number) {
    std::string text(kPage);
    for (unsigned bit = 0; bit < 15; ++bit) text += (number >> bit & 1U) != 0 ? '\t' : ' ';
    all.push_back(std::move(text));
  }
  return all;
}

void new_spelling(benchmark::State& state) {
  static const std::vector<std::string> texts = spellings();
  Rig& rig = Rig::of(state.range(0));
  static std::size_t next = 0;
  compare(
      state, "ratio_to_mdb_get",
      [&] { return rig.engine.synthesize({.text = texts[next++ % texts.size()]}).cached(); },
      [&] { return rig.lmdb.get(rig.key); });
}

// No memory tier: every hit opens, maps and hashes the file, as the first one of a process does.
void first_touch(benchmark::State& state) {
  Rig& rig = Rig::of(state.range(0));
  TtsEngine engine = open_engine(rig.directory / "data", state.range(0), 0);
  compare(
      state, "ratio_to_map_and_xxh3",
      [&] { return engine.synthesize({.text = kPage}).origin() == Origin::lmdb; },
      [&] { return map_and_hash(rig.file); });
  if (engine.synthesize({.text = kPage}).origin() != Origin::lmdb) state.SkipWithError("no hit");
}

// The two take turns, so that both meet the same disk. codec_us: decoding what came and encoding
// the master, which belongs to no disk and is no overhead of keeping.
void miss(benchmark::State& state) {
  const NullVoice voice(state.range(0));
  const auto recode = [&] {
    return audio::encode(audio::decode(voice.wav().span()), AudioFormat::flac);
  };
  const SharedBytes master = recode();
  Directory directory;
  TtsEngine engine = open_engine(directory / "data", state.range(0));
  BareLmdb one(directory / "one");
  std::string record(600, 'r');
  std::vector<double> ours;
  std::vector<double> theirs;
  std::int64_t number = 0;
  for (auto _ : state) {
    const std::string text = std::string(kPage) + std::to_string(++number);
    auto begin = Clock::now();
    engine.synthesize({.text = text});
    ours.push_back(seconds_since(begin));
    state.SetIterationTime(ours.back());
    engine.flush();  // what the engine writes behind must not slow its rival
    begin = Clock::now();
    write_durably(directory / ("audio" + std::to_string(number)), master.chars());
    one.put("a" + std::to_string(number), record);
    one.put("b" + std::to_string(number), record);
    theirs.push_back(seconds_since(begin));
  }
  const double codec_us = batch_ns([&] { return recode().size(); }) / 1e3;
  const double our_us = median(ours) * 1e6;
  const double their_us = median(theirs) * 1e6;
  state.counters["us"] = our_us;
  state.counters["codec_us"] = codec_us;
  state.counters["ratio_to_file_and_two_commits"] = our_us / their_us;
  state.counters["ratio_less_codec"] = (our_us - codec_us) / their_us;
}

// Ten thousand pages, small ones: opening looks at none of them.
const Directory& full_directory() {
  static const std::unique_ptr<Directory> full = [] {
    auto directory = std::make_unique<Directory>(true);
    TtsEngine engine = open_engine(*directory / "data", 2'000);
    std::vector<Story> stories(1);
    stories[0] = {.story_id = "s", .title = "", .language = "HINDI", .pages = {}};
    for (int i = 0; i < 10'000; ++i) stories[0].pages.push_back("पन्ना " + std::to_string(i));
    must(engine.prewarm(stories).pages_generated == 10'000);
    return directory;
  }();
  return *full;
}

void opening(benchmark::State& state) {
  const auto data = full_directory() / "data";
  double slowest = 0;
  for (auto _ : state) {
    const auto begin = Clock::now();
    const TtsEngine engine = open_engine(data, 2'000);
    const double seconds = seconds_since(begin);
    slowest = std::max(slowest, seconds);
    state.SetIterationTime(seconds);
  }
  state.counters["slowest_ms"] = slowest * 1e3;
}

std::int64_t anonymous_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stoll(line.substr(8));
  }
  return 0;
}

// What serving 8,000 different speeches leaves in memory that is this process's own.
void resident_memory(benchmark::State& state) {
  const auto data = full_directory() / "data";
  for (auto _ : state) {
    const std::int64_t before = anonymous_kb();
    TtsEngine engine = open_engine(data, 2'000);
    const std::int64_t opened = anonymous_kb();
    for (int i = 0; i < 8'000; ++i) engine.synthesize({.text = "पन्ना " + std::to_string(i)});
    state.counters["open_kb"] = static_cast<double>(opened - before);
    state.counters["bytes_a_speech"] =
        static_cast<double>(anonymous_kb() - opened) * 1024.0 / 8'000;
  }
}

void threads_at_once(benchmark::State& state) {
  Rig& rig = Rig::of(kLarge);
  for (auto _ : state) benchmark::DoNotOptimize(rig.engine.synthesize({.text = kPage}).cached());
  state.SetItemsProcessed(state.iterations());
}

void hit_many(TtsEngine& engine, int hits, int ready, int go) {
  engine.synthesize({.text = kPage});  // opens this process's own
  char byte = '.';
  must(::write(ready, &byte, 1) == 1);
  must(::read(go, &byte, 1) == 1);
  for (int i = 0; i < hits; ++i) engine.synthesize({.text = kPage});
}

// Children of a host that opened the engine before it forked them.
void processes_at_once(benchmark::State& state) {
  constexpr int kHits = 50'000;
  Rig& rig = Rig::of(kLarge);
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    int ready[2];
    int go[2];
    must(::pipe(ready) == 0 && ::pipe(go) == 0);
    for (std::size_t i = 0; i < count; ++i) {
      const pid_t child = ::fork();
      must(child >= 0);
      if (child == 0) {
        hit_many(rig.engine, kHits, ready[1], go[0]);
        ::_exit(0);
      }
    }
    std::string bytes(count, '.');
    for (char& byte : bytes) must(::read(ready[0], &byte, 1) == 1);
    const auto begin = Clock::now();
    must(::write(go[1], bytes.data(), count) == static_cast<ssize_t>(count));
    for (std::size_t i = 0; i < count; ++i) ::wait(nullptr);
    state.SetIterationTime(seconds_since(begin));
    for (const int fd : {ready[0], ready[1], go[0], go[1]}) ::close(fd);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * kHits);
}

BENCHMARK(repeated_hit)->Arg(kSmall)->Arg(kLarge);
BENCHMARK(new_spelling)->Arg(kSmall)->Arg(kLarge);
BENCHMARK(first_touch)->Arg(kSmall)->Arg(kLarge);
BENCHMARK(miss)->Arg(kSmall)->Arg(kLarge)->Iterations(60)->UseManualTime();
BENCHMARK(opening)->Iterations(30)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(resident_memory)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(threads_at_once)->ThreadRange(1, 16)->UseRealTime();
BENCHMARK(processes_at_once)->RangeMultiplier(2)->Range(1, 8)->Iterations(1)->UseManualTime();

}  // namespace
}  // namespace bhashatts::bench

BENCHMARK_MAIN();
