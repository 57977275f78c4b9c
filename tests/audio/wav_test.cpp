// WAV headers as programs really write them.
#include <gtest/gtest.h>

#include "tests/audio/sounds.h"

namespace bhashatts::audio {
namespace {

using testing::Bytes;
using testing::copy;
using testing::decode_error;
using testing::store32;
using testing::tone;

constexpr std::size_t kRiffLength = 4;
constexpr std::size_t kDataLength = 40;

Bytes wav_of(const Pcm& pcm) { return copy(encode(pcm, AudioFormat::wav)); }

Bytes with_length(Bytes wav, std::uint32_t length) {
  store32(wav, kRiffLength, length);
  store32(wav, kDataLength, length);
  return wav;
}

Bytes insert(Bytes wav, std::size_t offset, std::string_view chunk) {
  const auto bytes = std::as_bytes(std::span(chunk));
  wav.insert(wav.begin() + static_cast<std::ptrdiff_t>(offset), bytes.begin(), bytes.end());
  return wav;
}

TEST(Wav, ReadsToTheEndWhereTheWriterDidNotKnowTheLength) {
  const Pcm pcm = tone(3'000);
  for (const std::uint32_t placeholder :
       {0U, 0xFFFFFFFFU, 0x7FFFF000U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU - 36}) {
    EXPECT_EQ(decode(with_length(wav_of(pcm), placeholder)), pcm) << placeholder;
  }
}

TEST(Wav, IgnoresAWrongRiffLength) {
  const Pcm pcm = tone(3'000);
  for (const std::uint32_t length : {0U, 4U, 100U, 5'000U, 10'000U, 0xFFFFFFFFU}) {
    Bytes wav = wav_of(pcm);
    store32(wav, kRiffLength, length);
    EXPECT_EQ(decode(wav), pcm) << length;
  }
}

TEST(Wav, ForgivesAHeaderThatCountsItself) {
  const Pcm pcm = tone(3'000);
  EXPECT_EQ(decode(with_length(wav_of(pcm), 6'044)), pcm);
}

TEST(Wav, RefusesWhatWasCutOff) {
  const Bytes wav = wav_of(tone(3'000));
  for (std::size_t size = 0; size + 44 < wav.size(); ++size) {
    EXPECT_EQ(decode_error(std::span(wav).first(size)), ErrorCode::bad_audio) << size;
  }
}

TEST(Wav, RefusesAHeaderWithoutSamples) {
  const Bytes wav = wav_of(tone(1));
  const Bytes header(wav.begin(), wav.begin() + 44);
  EXPECT_EQ(decode_error(header), ErrorCode::bad_audio);
  EXPECT_EQ(decode_error(with_length(header, 0)), ErrorCode::bad_audio);
  EXPECT_EQ(decode_error(with_length(header, 0xFFFFFFFF)), ErrorCode::bad_audio);
}

TEST(Wav, StopsWhereTheDataChunkEnds) {
  const Pcm pcm = tone(3'000);
  const Bytes wav = wav_of(pcm);
  EXPECT_EQ(decode(insert(wav, wav.size(), "LIST\x04\0\0\0note")), pcm);
}

TEST(Wav, PassesOverChunksBeforeTheSamples) {
  const Pcm pcm = tone(3'000);
  const std::string_view odd_chunk("LIST\x05\0\0\0INFOx\0", 14);
  EXPECT_EQ(decode(insert(wav_of(pcm), 36, odd_chunk)), pcm);
  Bytes streamed = insert(wav_of(pcm), 36, odd_chunk);
  store32(streamed, kDataLength + odd_chunk.size(), 0xFFFFFFFF);
  EXPECT_EQ(decode(streamed), pcm);
}

TEST(Wav, DropsAHalfSampleAtTheEnd) {
  const Pcm pcm = tone(3'000);
  Bytes wav = with_length(wav_of(pcm), 0xFFFFFFFF);
  wav.push_back(std::byte{1});
  EXPECT_EQ(decode(wav), pcm);
}

TEST(Wav, RefusesRatesThatNoVoiceHas) {
  constexpr std::size_t kRate = 24;
  for (const std::uint32_t rate : {0U, 1U, 7'999U, 87'586U, 192'001U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    Bytes wav = wav_of(tone(100));
    store32(wav, kRate, rate);
    EXPECT_EQ(decode_error(wav), ErrorCode::bad_audio) << rate;
  }
}

TEST(Wav, SurvivesAnyByteInItsHeader) {
  const Bytes wav = wav_of(tone(200));
  for (std::size_t offset = 0; offset < 44; ++offset) {
    for (unsigned value = 0; value < 256; ++value) {
      Bytes changed = wav;
      changed[offset] = static_cast<std::byte>(value);
      const auto error = decode_error(changed);
      EXPECT_TRUE(!error || *error == ErrorCode::bad_audio) << offset << ' ' << value;
    }
  }
}

}  // namespace
}  // namespace bhashatts::audio
