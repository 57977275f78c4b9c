// What a hit costs through C, against the same hit through C++: a million of each, in batches that
// take turns, in one process. Both go through the shared libraries, as hosts do, each to an engine
// of its own. The hit is what a host does with one: speak, look at what it is, take the audio, let
// go.
//
// usage: capi_bench [HITS] [c|c++]   (the latter: only that way, once, to count its instructions)
// Exit status 1 where C costs over 15 % more.
#include <bhashatts/c.h>
#include <bhashatts/engine.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr double kMostOverhead = 1.15;
constexpr int kBatches = 40;
constexpr std::int64_t kMapBytes = std::int64_t{1} << 28;  // so that valgrind can run it
constexpr std::string_view kPage =
    "एक घने जंगल में एक छोटा सा खरगोश रहता था। उसका नाम चीकू था और उसे गाजर बहुत पसंद थी। हर सुबह "
    "वह नदी के किनारे जाता और पानी में अपना चेहरा देखकर हँसता।";

std::size_t sink = 0;  // what is read must not be optimised away

void must(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n%s\n", what, bhashatts_error_message());
  std::exit(2);
}

class Directory {
 public:
  Directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "bhashatts-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// What bhashatts_speech_info tells.
struct Facts {
  std::string cache_key;
  bhashatts::AudioFormat format;
  bhashatts::Origin origin;
  bool cached, fallback;
  std::uint32_t sample_rate;
  std::int64_t duration_ms, cost_micro_usd, generation_time_ms, generation_cost_micro_usd;
  std::int64_t created_at;
  std::int32_t take, utterances;
  std::string_view language, voice_style, synthesizer;
} facts;

class ThroughCpp {
 public:
  explicit ThroughCpp(const std::string& data) : engine_(open(data)) { told(); }

  void bare() {
    const bhashatts::Speech speech = engine_.synthesize({.text = kPage});
    sink += speech.audio().size();
  }

  void told() {
    const bhashatts::Speech speech = engine_.synthesize({.text = kPage});
    const bhashatts::AudioMetadata& metadata = speech.metadata();
    facts.cache_key = speech.cache_key().hex();
    facts.format = metadata.format;
    facts.origin = speech.origin();
    facts.cached = speech.cached();
    facts.fallback = speech.fallback();
    facts.sample_rate = metadata.sample_rate;
    facts.duration_ms = metadata.duration_ms;
    facts.cost_micro_usd = speech.cost_micro_usd();
    facts.generation_time_ms = metadata.generation_time_ms;
    facts.generation_cost_micro_usd = metadata.generation_cost_micro_usd;
    facts.created_at = metadata.created_at;
    facts.take = metadata.take;
    facts.utterances = metadata.utterances;
    facts.language = metadata.language;
    facts.voice_style = metadata.voice_style;
    facts.synthesizer = metadata.synthesizer;
    sink += speech.audio().size() + static_cast<std::size_t>(facts.duration_ms);
  }

 private:
  static bhashatts::TtsEngine open(const std::string& data) {
    bhashatts::Config config;
    config.data_dir = data;
    config.catalog_map_bytes = config.cache_map_bytes = kMapBytes;
    return bhashatts::TtsEngine::open(config);
  }
  bhashatts::TtsEngine engine_;
};

class ThroughC {
 public:
  explicit ThroughC(const std::string& data) {
    bhashatts_config* config = nullptr;
    must(bhashatts_config_create(&config) == 0, "config");
    const std::string map = std::to_string(kMapBytes);
    set(config, "data_dir", data);
    set(config, "catalog_map_bytes", map);
    set(config, "cache_map_bytes", map);
    bhashatts_open_options options = BHASHATTS_OPEN_OPTIONS_INIT;
    options.config = config;
    must(bhashatts_engine_open(&options, &engine_) == 0, "open");
    bhashatts_config_destroy(config);
    told();
  }
  ~ThroughC() { bhashatts_engine_destroy(engine_); }
  ThroughC(const ThroughC&) = delete;
  ThroughC& operator=(const ThroughC&) = delete;

  void bare() {
    bhashatts_speech* speech = spoken();
    take_audio(speech);
    bhashatts_speech_destroy(speech);
  }

  void told() {
    bhashatts_speech* speech = spoken();
    bhashatts_speech_info info = BHASHATTS_SPEECH_INFO_INIT;
    bhashatts_speech_get_info(speech, &info);
    take_audio(speech);
    sink += static_cast<std::size_t>(info.duration_ms);
    bhashatts_speech_destroy(speech);
  }

 private:
  bhashatts_speech* spoken() {
    bhashatts_request request = BHASHATTS_REQUEST_INIT;
    request.text = {kPage.data(), kPage.size()};
    bhashatts_speech* speech = nullptr;
    must(bhashatts_engine_synthesize(engine_, &request, &speech) == 0, "synthesize");
    return speech;
  }
  static void take_audio(const bhashatts_speech* speech) {
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;
    bhashatts_speech_audio(speech, &data, &size);
    sink += size;
  }
  static void set(bhashatts_config* config, const char* name, const std::string& value) {
    const bhashatts_status status =
        bhashatts_config_set(config, bhashatts_text_of(name), {value.data(), value.size()});
    must(status == 0, name);
  }
  bhashatts_engine* engine_ = nullptr;
};

double processor_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <typename Hit>
double ns_a_hit(int hits, const Hit& hit) {
  const double begin = processor_ns();
  for (int i = 0; i < hits; ++i) hit();
  return (processor_ns() - begin) / hits;
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

template <typename Cpp, typename C>
bool compare(const char* kind, int hits, const Cpp& cpp, const C& c) {
  std::vector<double> cpp_ns;
  std::vector<double> c_ns;
  std::vector<double> ratios;
  for (int batch = 0; batch < kBatches; ++batch) {
    cpp_ns.push_back(ns_a_hit(hits / kBatches, cpp));
    c_ns.push_back(ns_a_hit(hits / kBatches, c));
    ratios.push_back(c_ns.back() / cpp_ns.back());
  }
  std::printf("%s: %d hits each way, C++ %.0f ns, C %.0f ns, ratio_to_cpp %.3f\n", kind, hits,
              median(cpp_ns), median(c_ns), median(ratios));
  return median(ratios) <= kMostOverhead;
}

}  // namespace

int main(int argc, char** argv) {
  const int hits = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  const std::string_view only = argc > 2 ? argv[2] : "";
  must(hits >= kBatches, "usage: capi_bench [HITS] [c|c++]");
  const Directory directory;
  ThroughCpp cpp(directory / "cpp");
  ThroughC c(directory / "c");
  if (only == "c") return ns_a_hit(hits, [&] { c.told(); }) > 0 ? 0 : 1;
  if (only == "c++") return ns_a_hit(hits, [&] { cpp.told(); }) > 0 ? 0 : 1;
  const bool bare = compare(
      "bare", hits, [&] { cpp.bare(); }, [&] { c.bare(); });
  const bool told = compare(
      "told", hits, [&] { cpp.told(); }, [&] { c.told(); });
  return bare && told ? 0 : 1;
}
