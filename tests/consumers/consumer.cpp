// The smallest program that shows a working installation: a text, a synthesizer of its own, speech,
// the same speech again from the cache, and an error that crosses the library's border.
#include <bhashatts/engine.h>
#include <bhashatts/text.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace {

void append_number(std::string& bytes, std::uint32_t number, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(number >> (8 * i)));
}

// Five syllables of a 220 Hz tone, 16 kHz, 16 bit, as a WAV file: as long as the text takes to say,
// and quiet at its end, for what is no speech is not kept.
std::string tone() {
  constexpr double kPi = 3.14159265358979;
  constexpr std::uint32_t kRate = 16'000;
  constexpr std::uint32_t kSamples = kRate;
  std::string wav = "RIFF";
  append_number(wav, 36 + 2 * kSamples, 4);
  wav += "WAVEfmt ";
  append_number(wav, 16, 4);
  append_number(wav, 1, 2);
  append_number(wav, 1, 2);
  append_number(wav, kRate, 4);
  append_number(wav, 2 * kRate, 4);
  append_number(wav, 2, 2);
  append_number(wav, 16, 2);
  wav += "data";
  append_number(wav, 2 * kSamples, 4);
  for (std::uint32_t i = 0; i < kSamples; ++i) {
    const double time = static_cast<double>(i) / kRate;
    const double syllable = std::pow(std::sin(kPi * 5 * time), 2);
    const double sample = 8'000 * syllable * std::sin(2 * kPi * 220 * time);
    append_number(wav, static_cast<std::uint32_t>(static_cast<std::int32_t>(sample)), 2);
  }
  return wav;
}

class ToneSynthesizer : public bhashatts::Synthesizer {
 public:
  std::string identity() const override { return "tone/1"; }
  bhashatts::SynthesizerLimits limits() const override { return {}; }
  bhashatts::SynthesisResult synthesize(const bhashatts::SynthesisRequest&) override {
    return {.audio = bhashatts::SharedBytes::adopt(tone())};
  }
  bhashatts::SynthesizerStatus status() override { return {}; }
};

int failed(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  return 1;
}

int speak(const std::filesystem::path& data_dir) {
  bhashatts::Config config;
  config.data_dir = data_dir;
  auto engine =
      bhashatts::TtsEngine::open(config, {.synthesizer = std::make_shared<ToneSynthesizer>()});
  const auto first = engine.synthesize({.text = "नमस्ते बच्चों"});
  if (first.cached() || first.audio().empty()) return failed("the first speech was not made");
  const auto second = engine.synthesize({.text = "नमस्ते बच्चों"});
  if (!second.cached()) return failed("the second speech did not come from the cache");
  try {
    engine.synthesize({.text = "  "});
    return failed("an empty text was spoken");
  } catch (const bhashatts::Error& error) {
    if (error.code() != bhashatts::ErrorCode::text_empty) return failed(error.what());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (bhashatts::spoken_text(" a\r\n b ") != "a\nb") return failed("spoken_text");
    return argc == 2 ? speak(argv[1]) : failed("usage: consumer DATA_DIR");
  } catch (const std::exception& error) {
    return failed(error.what());
  }
}
