// FLAC is what we keep for ever: whatever happens to a byte of it, it never sounds wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/audio/sounds.h"

namespace bhashatts::audio {
namespace {

using testing::Bytes;
using testing::copy;
using testing::decode_error;
using testing::tone;

constexpr std::size_t kTotalSamples = 21;  // low half of a field of 36 bits
constexpr std::size_t kMd5 = 26;

// As an encoder leaves it that writes to a pipe: without a length and a checksum.
Bytes streamed(Bytes flac) {
  flac[kTotalSamples] &= std::byte{0xF0};
  std::fill_n(flac.begin() + kTotalSamples + 1, 4, std::byte{0});
  std::fill_n(flac.begin() + kMd5, 16, std::byte{0});
  return flac;
}

Bytes flac_of(const Pcm& pcm) { return copy(encode(pcm, AudioFormat::flac, "a comment")); }

// Decodes to `expected`, or is refused.
::testing::AssertionResult never_wrong(const Bytes& flac, const Pcm& expected) {
  try {
    if (decode(flac) == expected) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "decoded to other samples";
  } catch (const Error& error) {
    if (error.code() == ErrorCode::bad_audio) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << error.what();
  }
}

void flip_every_byte(const Bytes& flac, const Pcm& expected) {
  for (std::size_t offset = 0; offset < flac.size(); ++offset) {
    for (const unsigned mask : {0x01U, 0x10U, 0x80U, 0xFFU}) {
      Bytes flipped = flac;
      flipped[offset] ^= static_cast<std::byte>(mask);
      ASSERT_TRUE(never_wrong(flipped, expected)) << offset << ' ' << mask;
    }
  }
}

TEST(Damage, OneFlippedByteIsRefusedOrHarmless) {
  const Pcm pcm = tone(9'000);  // three frames
  flip_every_byte(flac_of(pcm), pcm);
}

TEST(Damage, OneFlippedByteIsRefusedOrHarmlessWithoutAChecksum) {
  const Pcm pcm = tone(9'000);
  ASSERT_EQ(decode(streamed(flac_of(pcm))), pcm);
  flip_every_byte(streamed(flac_of(pcm)), pcm);
}

TEST(Damage, AFlippedByteAmongTheFramesIsAlwaysRefused) {
  const Bytes flac = flac_of(tone(9'000));
  for (std::size_t offset = 120; offset < flac.size(); offset += 3) {
    Bytes flipped = flac;
    flipped[offset] ^= std::byte{0x04};
    ASSERT_EQ(decode_error(flipped), ErrorCode::bad_audio) << offset;
  }
}

TEST(Damage, CutOffAnywhereIsRefused) {
  const Bytes flac = flac_of(tone(9'000));
  for (std::size_t size = 0; size < flac.size(); ++size) {
    ASSERT_EQ(decode_error(std::span(flac).first(size)), ErrorCode::bad_audio) << size;
  }
}

TEST(Damage, CutOffInsideAFrameIsRefusedWithoutALength) {
  const Pcm pcm = tone(9'000);
  const Bytes flac = streamed(flac_of(pcm));
  std::size_t accepted = 0;  // a cut between two frames leaves a whole, shorter stream
  for (std::size_t size = 0; size < flac.size(); ++size) {
    if (!decode_error(std::span(flac).first(size))) ++accepted;
  }
  EXPECT_EQ(accepted, 2U);
}

TEST(Damage, BytesBehindTheLastFrameAreRefusedWithoutALength) {
  Bytes flac = streamed(flac_of(tone(9'000)));
  flac.push_back(std::byte{'x'});
  EXPECT_EQ(decode_error(flac), ErrorCode::bad_audio);
}

TEST(Damage, AMissingFrameIsRefused) {
  const Pcm pcm = tone(9'000);
  for (Bytes flac : {flac_of(pcm), streamed(flac_of(pcm))}) {
    // The second frame begins at the second sync code.
    const auto sync = [&](std::ptrdiff_t from) {
      const std::array<std::byte, 2> code{std::byte{0xFF}, std::byte{0xF8}};
      return std::search(flac.begin() + from, flac.end(), code.begin(), code.end());
    };
    const auto first = sync(100);
    const auto second = sync(first - flac.begin() + 4'000);
    flac.erase(first, second);
    EXPECT_EQ(decode_error(flac), ErrorCode::bad_audio);
  }
}

TEST(Damage, AWrongChecksumOfTheSamplesIsRefused) {
  for (const int format : {SF_FORMAT_PCM_S8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24}) {
    const std::vector<int> stereo(600, 77 << 16);
    Bytes flac = testing::write_ints(SF_FORMAT_FLAC | format, 22'050, 2, stereo);
    ASSERT_EQ(decode_error(flac), std::nullopt) << format;
    flac[kMd5 + 3] ^= std::byte{1};
    EXPECT_EQ(decode_error(flac), ErrorCode::bad_audio) << format;
  }
}

}  // namespace
}  // namespace bhashatts::audio
