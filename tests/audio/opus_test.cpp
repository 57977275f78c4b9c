// Ogg Opus, by what stands in its pages and by what comes back.
#include <gtest/gtest.h>

#include "audio/resample.h"
#include "tests/audio/sounds.h"
#include "tests/audio/speechlike.h"

namespace bhashatts::audio {
namespace {

using testing::correlation;
using testing::speechlike;

struct Page {
  std::uint64_t granule = 0;  // samples at 48 kHz up to its end, the pre-skip among them
  std::uint32_t serial = 0;
  bool last = false;
  std::size_t body = 0;  // offset
};

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  }
  return value;
}

std::vector<Page> pages_of(std::string_view ogg) {
  std::vector<Page> pages;
  std::size_t at = 0;
  while (at + 27 <= ogg.size() && ogg.substr(at, 4) == "OggS") {
    const std::size_t segments = number(ogg, at + 26, 1);
    std::size_t body = 0;
    for (std::size_t i = 0; i < segments; ++i) body += number(ogg, at + 27 + i, 1);
    pages.push_back({.granule = number(ogg, at + 6, 8),
                     .serial = static_cast<std::uint32_t>(number(ogg, at + 14, 4)),
                     .last = (number(ogg, at + 5, 1) & 4U) != 0,
                     .body = at + 27 + segments});
    at += 27 + segments + body;
  }
  EXPECT_EQ(at, ogg.size());
  return pages;
}

// How many samples at 48 kHz the file says it plays.
std::uint64_t played(std::string_view ogg) {
  const std::vector<Page> pages = pages_of(ogg);
  const std::uint64_t pre_skip = number(ogg, pages.front().body + 10, 2);
  return pages.back().granule - pre_skip;
}

TEST(EncodeOpus, SaysWhatItIs) {
  const auto opus = encode(speechlike({}), AudioFormat::opus);
  const std::string_view head = opus.chars().substr(28, 19);
  EXPECT_EQ(head.substr(0, 8), "OpusHead");
  EXPECT_EQ(number(head, 9, 1), 1U);        // channel
  EXPECT_EQ(number(head, 12, 4), 22'050U);  // as it was sent
  EXPECT_EQ(sniff(opus.span()), AudioFormat::opus);
  EXPECT_EQ(opus.chars().substr(pages_of(opus.chars())[1].body, 8), "OpusTags");
}

TEST(EncodeOpus, TellsItsLengthToTheSample) {
  for (const std::uint32_t rate : {8'000U, 16'000U, 22'050U, 24'000U, 44'100U, 48'000U, 96'000U}) {
    for (const std::size_t count : {1U, 959U, 960U, 961U, 22'050U, 50'001U}) {
      const Pcm pcm = testing::tone(count, rate);
      const auto opus = encode(pcm, AudioFormat::opus);
      const std::uint64_t up = (std::uint64_t{count} * 48'000 + rate - 1) / rate;
      EXPECT_EQ(played(opus.chars()), up) << count << " at " << rate;
    }
  }
}

TEST(EncodeOpus, DecodesToTheLengthThatItTells) {
  for (const std::uint32_t rate : {8'000U, 22'050U, 24'000U, 44'100U}) {
    const Pcm pcm = speechlike({.ms = 2'345, .rate = rate});
    const Pcm back = decode(encode(pcm, AudioFormat::opus).span());
    EXPECT_EQ(back.sample_rate, rate == 22'050 ? 24'000U : rate == 44'100 ? 48'000U : rate);
    EXPECT_NEAR(static_cast<double>(back.samples.size()), 2.345 * back.sample_rate, 1.0);
    EXPECT_NEAR(static_cast<double>(back.duration_ms()), 2'345.0, 1.0);
  }
}

TEST(EncodeOpus, SoundsLikeWhatWasSent) {
  for (const std::uint32_t rate : {16'000U, 22'050U, 24'000U, 44'100U}) {
    const Pcm pcm = speechlike({.ms = 3'000, .rate = rate});
    const Pcm back = decode(encode(pcm, AudioFormat::opus).span());
    const Pcm wanted = resampled(pcm, back.sample_rate);
    EXPECT_GT(correlation(wanted.samples, back.samples, 0), 0.95) << rate;
    EXPECT_NEAR(testing::rms_dbfs(back.samples), testing::rms_dbfs(pcm.samples), 0.5) << rate;
  }
}

TEST(EncodeOpus, IsTwelveTimesSmallerThanWavAtTheRatesOfVoices) {
  for (const std::uint32_t rate : {22'050U, 24'000U, 44'100U, 48'000U}) {
    const Pcm pcm = speechlike({.ms = 10'000, .rate = rate});  // without a pause to save at
    EXPECT_LT(encode(pcm, AudioFormat::opus).size() * 12, encode(pcm, AudioFormat::wav).size())
        << rate;
  }
}

TEST(EncodeOpus, GivesTheSameBytesForTheSameSamples) {
  const Pcm pcm = speechlike({});
  const auto once = encode(pcm, AudioFormat::opus);
  EXPECT_EQ(encode(pcm, AudioFormat::opus, "a comment is left out").chars(), once.chars());
  const auto pages = pages_of(once.chars());
  const auto other = pages_of(encode(speechlike({.pitch = 200}), AudioFormat::opus).chars());
  EXPECT_EQ(pages.front().serial, other.front().serial);
}

TEST(EncodeOpus, CanBeEnteredEverySecond) {
  const auto opus = encode(speechlike({.ms = 8'000}), AudioFormat::opus);
  const std::vector<Page> pages = pages_of(opus.chars());
  ASSERT_GE(pages.size(), 2U + 8U);
  for (std::size_t i = 3; i < pages.size(); ++i) {
    EXPECT_LE(pages[i].granule - pages[i - 1].granule, 48'000U + 960U);
    EXPECT_EQ(pages[i].last, i + 1 == pages.size());
  }
}

TEST(EncodeOpus, KeepsSilenceInLess) {
  const Pcm silence{.sample_rate = 22'050, .samples = std::vector<std::int16_t>(220'500)};
  const auto opus = encode(silence, AudioFormat::opus);
  EXPECT_LT(opus.size(), 16'000U);  // of 30,000
  EXPECT_LE(testing::peak(decode(opus.span()).samples), 3);
}

}  // namespace
}  // namespace bhashatts::audio
