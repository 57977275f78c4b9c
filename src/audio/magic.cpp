#include "audio/magic.h"

#include <algorithm>
#include <string_view>

#include "audio/codec.h"

namespace bhashatts::audio {
namespace {

bool has(std::span<const std::byte> bytes, std::size_t offset, std::string_view magic) noexcept {
  if (bytes.size() < offset + magic.size()) return false;
  return std::equal(magic.begin(), magic.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                    [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
}

// A frame header of MPEG audio layer III: sync, layer, a bit rate and a sampling rate that exist.
bool is_mp3_frame(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < 4) return false;
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
  const bool sync = at(0) == 0xFF && (at(1) & 0xE0U) == 0xE0U;
  const bool layer3 = (at(1) & 0x06U) == 0x02U;
  const bool version = (at(1) & 0x18U) != 0x08U;
  const unsigned bit_rate = at(2) >> 4U;
  const bool sampling_rate = (at(2) & 0x0CU) != 0x0CU;
  return sync && layer3 && version && bit_rate != 0 && bit_rate != 15 && sampling_rate;
}

// An Ogg page header is 27 bytes and one lacing value for a first packet as short as Opus's.
constexpr std::size_t kFirstOggPacket = 28;

}  // namespace

std::optional<Container> recognise(std::span<const std::byte> bytes) noexcept {
  if (has(bytes, 0, "RIFF") && has(bytes, 8, "WAVE")) return Container::wav;
  if (has(bytes, 0, "fLaC")) return Container::flac;
  if (has(bytes, 0, "OggS") && has(bytes, kFirstOggPacket, "OpusHead")) return Container::opus;
  if (has(bytes, 0, "FORM") && (has(bytes, 8, "AIFF") || has(bytes, 8, "AIFC"))) {
    return Container::aiff;
  }
  if (is_mp3_frame(without_id3(bytes))) return Container::mp3;
  return std::nullopt;
}

std::span<const std::byte> without_id3(std::span<const std::byte> bytes) noexcept {
  constexpr std::size_t kTagHeader = 10;
  while (has(bytes, 0, "ID3") && bytes.size() >= kTagHeader) {
    std::size_t length = 0;  // in four bytes of seven bits
    for (std::size_t i = 6; i < kTagHeader; ++i) {
      length = (length << 7U) | std::to_integer<std::size_t>(bytes[i] & std::byte{0x7F});
    }
    bytes = bytes.subspan(std::min(kTagHeader + length, bytes.size()));
  }
  return bytes;
}

std::optional<AudioFormat> sniff(std::span<const std::byte> bytes) noexcept {
  const auto container = recognise(bytes);
  if (!container) return std::nullopt;
  switch (*container) {
    case Container::wav: return AudioFormat::wav;
    case Container::flac: return AudioFormat::flac;
    case Container::mp3: return AudioFormat::mp3;
    case Container::opus: return AudioFormat::opus;
    case Container::aiff: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace bhashatts::audio
