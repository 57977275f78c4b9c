#include <gtest/gtest.h>

#include "tests/audio/sounds.h"

namespace bhashatts::audio {
namespace {

using testing::tone;

ErrorCode encode_error(const Pcm& pcm, AudioFormat format) {
  try {
    encode(pcm, format);
    return ErrorCode::ok;
  } catch (const Error& error) {
    return error.code();
  }
}

TEST(Encode, BringsTheSameSamplesBack) {
  for (const std::uint32_t rate : {8'000U, 22'050U, 24'000U, 44'100U, 65'535U, 87'580U, 192'000U}) {
    const Pcm pcm = tone(5'001, rate);
    EXPECT_EQ(decode(encode(pcm, AudioFormat::wav).span()), pcm);
    EXPECT_EQ(decode(encode(pcm, AudioFormat::flac).span()), pcm);
  }
}

TEST(Encode, KeepsTheLoudestSamples) {
  const Pcm pcm{.sample_rate = 22'050, .samples = {32767, -32768, 0, 1, -1, 32767, -32768}};
  EXPECT_EQ(decode(encode(pcm, AudioFormat::wav).span()), pcm);
  EXPECT_EQ(decode(encode(pcm, AudioFormat::flac).span()), pcm);
}

TEST(Encode, GivesTheSameBytesForTheSameSamples) {
  const Pcm pcm = tone(30'000);
  for (const AudioFormat format : {AudioFormat::wav, AudioFormat::flac}) {
    EXPECT_EQ(encode(pcm, format, "{}").chars(), encode(pcm, format, "{}").chars());
  }
}

TEST(Encode, WritesAWavHeaderOf44BytesWithTrueLengths) {
  const auto wav = encode(tone(1'000), AudioFormat::wav);
  ASSERT_EQ(wav.size(), 44 + 2'000U);
  EXPECT_EQ(wav.chars().substr(4, 4), std::string_view("\xF4\x07\0\0", 4));
  EXPECT_EQ(wav.chars().substr(40, 4), std::string_view("\xD0\x07\0\0", 4));
  EXPECT_EQ(wav.chars().substr(36, 4), "data");
}

TEST(Encode, MakesFlacSmallerThanWav) {
  const Pcm pcm = tone(60'000);
  EXPECT_LT(encode(pcm, AudioFormat::flac).size(), encode(pcm, AudioFormat::wav).size() / 2);
}

TEST(Encode, CarriesACommentInFlac) {
  const std::string comment = "{\"text\":\"नमस्ते = a=b\",\"take\":0}";
  const auto with = encode(tone(500), AudioFormat::flac, comment);
  EXPECT_EQ(flac_comment(with.span()), comment);
  EXPECT_EQ(decode(with.span()), tone(500));
  EXPECT_EQ(flac_comment(encode(tone(500), AudioFormat::flac).span()), std::nullopt);
}

TEST(Encode, CarriesALongComment) {
  const std::string comment(200'000, 'x');
  EXPECT_EQ(flac_comment(encode(tone(500), AudioFormat::flac, comment).span()), comment);
}

TEST(FlacComment, IsNothingWhereThereIsNoFlac) {
  EXPECT_EQ(flac_comment({}), std::nullopt);
  EXPECT_EQ(flac_comment(encode(tone(500), AudioFormat::wav).span()), std::nullopt);
  const auto flac = encode(tone(500), AudioFormat::flac, "all of it");
  for (std::size_t size = 0; size < 120; ++size) {
    const auto comment = flac_comment(flac.span().first(size));
    EXPECT_TRUE(!comment || *comment == "all of it") << size;
  }
}

TEST(Encode, RefusesWhatItCouldNotReadBack) {
  EXPECT_EQ(encode_error({.sample_rate = 22'050, .samples = {}}, AudioFormat::wav),
            ErrorCode::bad_audio);
  EXPECT_EQ(encode_error({.sample_rate = 22'050, .samples = {}}, AudioFormat::flac),
            ErrorCode::bad_audio);
  EXPECT_EQ(encode_error({.sample_rate = 22'050, .samples = {}}, AudioFormat::opus),
            ErrorCode::bad_audio);
  EXPECT_EQ(encode_error(tone(10, 7'999), AudioFormat::wav), ErrorCode::bad_audio);
  EXPECT_EQ(encode_error(tone(10, 7'999), AudioFormat::mp3), ErrorCode::bad_audio);
  EXPECT_EQ(encode_error(tone(10, 192'001), AudioFormat::flac), ErrorCode::bad_audio);
  EXPECT_EQ(encode_error(tone(10, 87'586), AudioFormat::wav), ErrorCode::bad_audio);
}

TEST(Pcm, RoundsItsDurationToTheNearestMillisecond) {
  const auto duration = [](std::size_t samples, std::uint32_t rate) {
    return Pcm{.sample_rate = rate, .samples = std::vector<std::int16_t>(samples)}.duration_ms();
  };
  EXPECT_EQ(duration(0, 22'050), 0);
  EXPECT_EQ(duration(22'050, 22'050), 1'000);
  EXPECT_EQ(duration(21'504, 22'050), 975);
  EXPECT_EQ(duration(12, 8'000), 2);  // 1.5 ms
  EXPECT_EQ(duration(11, 8'000), 1);
  EXPECT_EQ(duration(5, 0), 0);
}

}  // namespace
}  // namespace bhashatts::audio
