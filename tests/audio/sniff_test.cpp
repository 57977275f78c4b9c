#include <gtest/gtest.h>

#include "tests/audio/sounds.h"

namespace bhashatts::audio {
namespace {

using namespace std::string_view_literals;

std::optional<AudioFormat> sniff_chars(std::string_view chars) {
  return sniff(std::as_bytes(std::span(chars)));
}

TEST(Sniff, KnowsTheFourFormatsByTheirFirstBytes) {
  EXPECT_EQ(sniff_chars("RIFF\0\0\0\0WAVEfmt "sv), AudioFormat::wav);
  EXPECT_EQ(sniff_chars("fLaC\0\0\0\x22"sv), AudioFormat::flac);
  EXPECT_EQ(sniff_chars("ID3\x04\0\0\0\0\0\x02xx\xFF\xFB\x90\x64"sv), AudioFormat::mp3);
  EXPECT_EQ(sniff_chars("\xFF\xFB\x90\x64"sv), AudioFormat::mp3);
  EXPECT_EQ(sniff_chars("OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead"sv),
            AudioFormat::opus);
}

TEST(Sniff, TakesNothingElseForAudio) {
  EXPECT_EQ(sniff_chars(""sv), std::nullopt);
  EXPECT_EQ(sniff_chars("RIFF"sv), std::nullopt);
  EXPECT_EQ(sniff_chars("RIFF\0\0\0\0AVI LIST"sv), std::nullopt);
  EXPECT_EQ(sniff_chars("{\"error\":\"loading\"}"sv), std::nullopt);
  EXPECT_EQ(sniff_chars("<html>"sv), std::nullopt);
  EXPECT_EQ(sniff_chars("ID3\x04\0\0\0\0\0\x02xxfLaC"sv), std::nullopt);
  EXPECT_EQ(sniff_chars("\xFF\xFF\xFF\xFF"sv), std::nullopt);
  EXPECT_EQ(sniff_chars("OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x1E\x01vorbis"sv),
            std::nullopt);
}

TEST(Sniff, KnowsWhatWeEncode) {
  const Pcm pcm = testing::tone(100);
  EXPECT_EQ(sniff(encode(pcm, AudioFormat::wav).span()), AudioFormat::wav);
  EXPECT_EQ(sniff(encode(pcm, AudioFormat::flac).span()), AudioFormat::flac);
}

TEST(Decode, RefusesWhatIsNoAudio) {
  for (const std::string_view text : {""sv, "hello"sv, "RIFF\0\0\0\0WAVE"sv, "fLaC"sv, "ID3"sv}) {
    EXPECT_EQ(testing::decode_error(std::as_bytes(std::span(text))), ErrorCode::bad_audio);
  }
}

}  // namespace
}  // namespace bhashatts::audio
