// What we write, as ffmpeg reads it: whole, from the middle, and without a word of complaint.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/audio/speechlike.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::audio {
namespace {

using testing::speechlike;
using testing::TempDir;

class Players : public ::testing::TestWithParam<AudioFormat> {
 protected:
  static constexpr std::int64_t kMs = 6'000;

  void SetUp() override {
    if (std::system("ffmpeg -version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no ffmpeg on PATH";
    const auto bytes = encode(pcm_, GetParam());
    std::ofstream(directory_ / "speech", std::ios::binary) << bytes.chars();
  }

  std::string read(const char* name) const {
    std::ifstream file(directory_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // The samples that ffmpeg decodes at 48 kHz with these options. Everything that it says must be
  // the line that it says of every wav of one channel.
  std::vector<std::int16_t> decoded(const std::string& options) const {
    const std::string in = (directory_ / "speech").string();
    const std::string run = "ffmpeg -nostdin -y -v warning " + options + " -i " + in +
                            " -ar 48000 -f s16le " + (directory_ / "raw").string() + " 2>" +
                            (directory_ / "said").string();
    EXPECT_EQ(std::system(run.c_str()), 0);
    const std::string said = read("said");
    EXPECT_TRUE(said.empty() || said.starts_with("Guessed Channel Layout")) << said;
    const std::string raw = read("raw");
    std::vector<std::int16_t> samples(raw.size() / 2);
    std::memcpy(samples.data(), raw.data(), samples.size() * 2);
    return samples;
  }

  const Pcm pcm_ = speechlike({.ms = kMs});
  TempDir directory_;
};

TEST_P(Players, DecodeIt) {
  const auto samples = decoded("");
  EXPECT_NEAR(static_cast<double>(samples.size()) / 48, kMs, 0.1);
  EXPECT_NEAR(testing::rms_dbfs(samples), testing::rms_dbfs(pcm_.samples), 0.5);
}

TEST_P(Players, EnterItInTheMiddle) {
  const auto whole = decoded("");
  const auto rest = decoded("-ss 3.5");
  // A decoder of MP3 may begin a frame early or late.
  ASSERT_NEAR(static_cast<double>(rest.size()) / 48, kMs - 3'500, 60);
  EXPECT_NEAR(testing::rms_dbfs(rest), testing::rms_dbfs(whole), 0.5);
}

INSTANTIATE_TEST_SUITE_P(Formats, Players,
                         ::testing::Values(AudioFormat::wav, AudioFormat::flac, AudioFormat::opus,
                                           AudioFormat::mp3),
                         [](const auto& tried) { return std::string(name(tried.param)); });

}  // namespace
}  // namespace bhashatts::audio
