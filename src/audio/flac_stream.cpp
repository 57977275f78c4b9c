// The layout is RFC 9639's: section 8 the metadata blocks, 9.1 the frame header, 9.3 the footer.
#include "audio/flac_stream.h"

#include <algorithm>
#include <string_view>

namespace bhashatts::audio {
namespace {

using Bytes = std::span<const std::byte>;

std::uint64_t big_endian(Bytes bytes) {
  std::uint64_t number = 0;
  for (const std::byte byte : bytes) number = (number << 8U) | std::to_integer<unsigned>(byte);
  return number;
}

// ---- metadata blocks

constexpr unsigned kStreamInfo = 0;
constexpr unsigned kVorbisComment = 4;
constexpr unsigned kLastBlock = 0x80;
constexpr std::size_t kStreamInfoBytes = 34;

void read_stream_info(Bytes block, FlacStream& stream) {
  stream.block_size = static_cast<std::uint32_t>(big_endian(block.subspan(0, 2)));
  const std::uint64_t packed = big_endian(block.subspan(10, 8));
  stream.sample_rate = static_cast<std::uint32_t>(packed >> 44U);
  stream.channels = static_cast<std::uint32_t>((packed >> 41U) & 7U) + 1;
  stream.bits_per_sample = static_cast<std::uint32_t>((packed >> 36U) & 31U) + 1;
  stream.total_samples = packed & 0xFFFFFFFFFU;
  std::transform(block.begin() + 18, block.begin() + 34, stream.md5.begin(),
                 [](std::byte byte) { return std::to_integer<unsigned char>(byte); });
}

// A string behind its little-endian length, taken off the front of `block`.
std::optional<std::string_view> take_string(Bytes& block) {
  if (block.size() < 4) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    length |= std::to_integer<std::size_t>(block[i]) << (8 * i);
  }
  block = block.subspan(4);
  if (length > block.size()) return std::nullopt;
  const std::string_view chars(reinterpret_cast<const char*>(block.data()), length);
  block = block.subspan(length);
  return chars;
}

bool is_comment_tag(std::string_view tag) {
  constexpr std::string_view kName = "comment=";
  const auto same = [](char a, char b) { return (b >= 'A' && b <= 'Z' ? b + 32 : b) == a; };
  return tag.size() >= kName.size() && std::equal(kName.begin(), kName.end(), tag.begin(), same);
}

std::optional<std::string> find_comment(Bytes block) {
  if (!take_string(block) || block.size() < 4) return std::nullopt;  // the encoder's name
  block = block.subspan(4);                                          // how many tags there are
  while (const auto tag = take_string(block)) {
    if (is_comment_tag(*tag)) return std::string(tag->substr(tag->find('=') + 1));
  }
  return std::nullopt;
}

// ---- frames

constexpr auto kCrc8 = [] {  // x^8 + x^2 + x + 1
  std::array<std::uint8_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1U) ^ ((crc & 0x80U) != 0 ? 0x107U : 0U);
    table[i] = static_cast<std::uint8_t>(crc);
  }
  return table;
}();

constexpr auto kCrc16 = [] {  // x^16 + x^15 + x^2 + 1
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i << 8U;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1U) ^ ((crc & 0x8000U) != 0 ? 0x18005U : 0U);
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}();

std::uint8_t crc8(Bytes bytes) {
  std::uint8_t crc = 0;
  for (const std::byte byte : bytes) crc = kCrc8[crc ^ std::to_integer<unsigned>(byte)];
  return crc;
}

std::uint16_t crc16(Bytes bytes) {
  unsigned crc = 0;
  for (const std::byte byte : bytes) {
    crc = ((crc << 8U) & 0xFFFFU) ^ kCrc16[(crc >> 8U) ^ std::to_integer<unsigned>(byte)];
  }
  return static_cast<std::uint16_t>(crc);
}

struct FrameHeader {
  bool fixed_block_size = true;
  std::uint64_t number = 0;  // of the frame where the block size is fixed, else of its first sample
  std::uint32_t block_size = 0;
  std::uint32_t sample_rate = 0;      // 0: as the stream
  std::uint32_t channels = 0;         //
  std::uint32_t bits_per_sample = 0;  // 0: as the stream
};

// Reads a frame header from front to back; everything is nothing once the bytes have run out.
class HeaderReader {
 public:
  explicit HeaderReader(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t take(std::size_t count) {
    if (count > bytes_.size() - used_) failed_ = true;
    if (failed_) return 0;
    used_ += count;
    return big_endian(bytes_.subspan(used_ - count, count));
  }

  // A number in UTF-8's manner, of up to 36 bits in seven bytes.
  std::uint64_t take_coded_number() {
    const auto first = static_cast<unsigned>(take(1));
    if (first < 0x80) return first;
    unsigned more = 0;
    while (more < 7 && (first & (0x40U >> more)) != 0) ++more;
    if (more == 0 || more == 7) failed_ = true;
    std::uint64_t number = first & (0x3FU >> more);
    for (; more > 0 && !failed_; --more) {
      const std::uint64_t next = take(1);
      if ((next & 0xC0U) != 0x80U) failed_ = true;
      number = (number << 6U) | (next & 0x3FU);
    }
    return number;
  }

  bool checksum_holds() {
    const std::size_t covered = used_;
    const std::uint64_t expected = take(1);
    return !failed_ && crc8(bytes_.first(covered)) == expected;
  }

  void fail() { failed_ = true; }

 private:
  Bytes bytes_;
  std::size_t used_ = 0;
  bool failed_ = false;
};

std::uint32_t block_size_of(unsigned code, HeaderReader& reader) {
  if (code == 1) return 192;
  if (code >= 2 && code <= 5) return 576U << (code - 2U);
  if (code == 6) return static_cast<std::uint32_t>(reader.take(1)) + 1;
  if (code == 7) return static_cast<std::uint32_t>(reader.take(2)) + 1;
  if (code == 0) reader.fail();
  return 1U << code;  // 8 to 15: 256 to 32768
}

std::uint32_t sample_rate_of(unsigned code, HeaderReader& reader) {
  constexpr std::array<std::uint32_t, 12> kRates{0,      88'200, 176'400, 192'000, 8'000,  16'000,
                                                 22'050, 24'000, 32'000,  44'100,  48'000, 96'000};
  if (code < kRates.size()) return kRates.at(code);
  if (code == 12) return static_cast<std::uint32_t>(reader.take(1)) * 1000;
  if (code == 13) return static_cast<std::uint32_t>(reader.take(2));
  if (code == 14) return static_cast<std::uint32_t>(reader.take(2)) * 10;
  reader.fail();
  return 0;
}

// Codes 8 to 10 are stereo whose second channel is kept as a difference.
std::uint32_t channels_of(unsigned code, HeaderReader& reader) {
  if (code > 10) reader.fail();
  return code < 8 ? code + 1 : 2;
}

std::uint32_t bits_of(unsigned code, HeaderReader& reader) {
  constexpr std::array<std::uint32_t, 8> kBits{0, 8, 12, 0, 16, 20, 24, 32};
  if (code == 3) reader.fail();
  return kBits.at(code);
}

bool is_sync(std::byte first, std::byte second) {
  return first == std::byte{0xFF} && (second & std::byte{0xFE}) == std::byte{0xF8};
}

std::optional<FrameHeader> read_frame_header(Bytes bytes) {
  if (bytes.size() < 5 || !is_sync(bytes[0], bytes[1])) return std::nullopt;
  HeaderReader reader(bytes);
  const auto fixed = static_cast<unsigned>(reader.take(4));
  FrameHeader header;
  header.fixed_block_size = (fixed & 0x10000U) == 0;
  header.channels = channels_of((fixed >> 4U) & 15U, reader);
  header.bits_per_sample = bits_of((fixed >> 1U) & 7U, reader);
  header.number = reader.take_coded_number();
  header.block_size = block_size_of((fixed >> 12U) & 15U, reader);
  header.sample_rate = sample_rate_of((fixed >> 8U) & 15U, reader);
  if (!reader.checksum_holds()) return std::nullopt;
  return header;
}

// Chance makes a header with a valid checksum once in eight megabytes; only malice makes more.
constexpr int kMaxCandidates = 64;

}  // namespace

bool FlacStream::has_md5() const {
  return std::any_of(md5.begin(), md5.end(), [](unsigned char byte) { return byte != 0; });
}

std::optional<FlacStream> read_flac_stream(Bytes bytes) {
  if (bytes.size() < 4 || big_endian(bytes.first(4)) != 0x664C6143) return std::nullopt;
  FlacStream stream;
  std::size_t offset = 4;
  for (bool last = false; !last;) {
    if (bytes.size() - offset < 4) return std::nullopt;
    const auto head = static_cast<unsigned>(big_endian(bytes.subspan(offset, 1)));
    const auto length = static_cast<std::size_t>(big_endian(bytes.subspan(offset + 1, 3)));
    const unsigned type = head & ~kLastBlock;
    offset += 4;
    if (bytes.size() - offset < length) return std::nullopt;
    const Bytes block = bytes.subspan(offset, length);
    if ((type == kStreamInfo) != (offset == 8)) return std::nullopt;  // the first, and only it
    if (type == kStreamInfo && length != kStreamInfoBytes) return std::nullopt;
    if (type == kStreamInfo) read_stream_info(block, stream);
    if (type == kVorbisComment && !stream.comment) stream.comment = find_comment(block);
    offset += length;
    last = (head & kLastBlock) != 0;
  }
  stream.frames_begin = offset;
  return stream;
}

bool first_frame_agrees(Bytes bytes, const FlacStream& stream) {
  const auto header = read_frame_header(bytes.subspan(stream.frames_begin));
  if (!header || header->number != 0) return false;
  const auto agrees = [](std::uint32_t here, std::uint32_t there) {
    return here == 0 || here == there;
  };
  return agrees(header->sample_rate, stream.sample_rate) &&
         agrees(header->bits_per_sample, stream.bits_per_sample) &&
         header->channels == stream.channels;
}

std::optional<std::uint64_t> samples_by_last_frame(Bytes bytes, const FlacStream& stream) {
  int candidates = 0;
  for (std::size_t i = bytes.size(); i-- > stream.frames_begin && candidates < kMaxCandidates;) {
    const Bytes frame = bytes.subspan(i);
    const auto header = read_frame_header(frame);
    if (!header) continue;
    ++candidates;
    if (crc16(frame) != 0) continue;  // over a frame with its own checksum it is zero
    const std::uint64_t before =
        header->fixed_block_size ? header->number * stream.block_size : header->number;
    return before + header->block_size;
  }
  return std::nullopt;
}

}  // namespace bhashatts::audio
