// A reply that a real server sent: 24-bit FLAC from a pipe, with neither length nor checksum.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/audio/sounds.h"

namespace bhashatts::audio {
namespace {

using testing::decode_error;

class Recorded : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path path =
        std::filesystem::path(BHASHATTS_CONFORMANCE) / "huggingface/tts-hello-world.flac";
    if (!std::filesystem::exists(path)) {
      GTEST_SKIP() << "the recorded reply is not on this machine: " << path;
    }
    std::ifstream in(path, std::ios::binary);
    const std::string chars{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    bytes_ = testing::copy(std::as_bytes(std::span(chars)));
  }

  testing::Bytes bytes_;
};

TEST_F(Recorded, IsDecodedToItsEnd) {
  const Pcm pcm = decode(bytes_);
  EXPECT_EQ(pcm.sample_rate, 22'050U);
  EXPECT_EQ(pcm.samples.size(), 21'504U);
  EXPECT_EQ(pcm.duration_ms(), 975);
  EXPECT_EQ(sniff(bytes_), AudioFormat::flac);
  EXPECT_EQ(flac_comment(bytes_), std::nullopt);
}

TEST_F(Recorded, IsRefusedWhenCutOff) {
  int accepted = 0;
  for (std::size_t size = 9'000; size < bytes_.size(); size += 97) {
    if (!decode_error(std::span(bytes_).first(size))) ++accepted;
  }
  EXPECT_EQ(accepted, 0);
}

TEST_F(Recorded, IsRefusedWithAFlippedByte) {
  for (std::size_t offset = 9'000; offset < bytes_.size(); offset += 211) {
    testing::Bytes flipped = bytes_;
    flipped[offset] ^= std::byte{0x20};
    ASSERT_EQ(decode_error(flipped), ErrorCode::bad_audio) << offset;
  }
}

}  // namespace
}  // namespace bhashatts::audio
