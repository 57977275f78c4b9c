#include "audio/wav_header.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "bhashatts/error.h"

namespace bhashatts::audio {
namespace {

constexpr std::size_t kChunkHeaderBytes = 8;
// No answer is this long: what claims it did not know its length (see the header file).
constexpr std::uint32_t kLeastPlaceholder = 0x7FFF0000;
// Writers that count their own header as data exist. A true cut this small is a millisecond.
constexpr std::uint64_t kSlack = kWavHeaderBytes;

void store32(std::span<std::byte> out, std::size_t offset, std::uint64_t number) {
  for (unsigned i = 0; i < 4; ++i) out[offset + i] = static_cast<std::byte>(number >> (8 * i));
}

void store16(std::span<std::byte> out, std::size_t offset, std::uint32_t number) {
  for (unsigned i = 0; i < 2; ++i) out[offset + i] = static_cast<std::byte>(number >> (8 * i));
}

void store(std::span<std::byte> out, std::size_t offset, std::string_view letters) {
  for (std::size_t i = 0; i < letters.size(); ++i) {
    out[offset + i] = static_cast<std::byte>(letters[i]);
  }
}

std::uint32_t load32(std::span<const std::byte> bytes, std::size_t offset) {
  std::uint32_t number = 0;
  for (unsigned i = 0; i < 4; ++i) {
    number |= std::to_integer<std::uint32_t>(bytes[offset + i]) << (8 * i);
  }
  return number;
}

bool is_data(std::span<const std::byte> bytes, std::size_t offset) {
  constexpr std::string_view kData = "data";
  return std::equal(kData.begin(), kData.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                    [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
}

// Offset of the data chunk's own header.
std::optional<std::size_t> find_data_chunk(std::span<const std::byte> bytes) {
  std::uint64_t offset = 12;
  while (offset + kChunkHeaderBytes <= bytes.size()) {
    const auto here = static_cast<std::size_t>(offset);
    if (is_data(bytes, here)) return here;
    const std::uint64_t length = load32(bytes, here + 4);
    offset += kChunkHeaderBytes + length + (length & 1U);
  }
  return std::nullopt;
}

std::uint64_t true_length(std::uint64_t claimed, std::uint64_t available) {
  if (claimed == 0 || claimed >= kLeastPlaceholder) return available;
  if (claimed > available + kSlack) {
    throw Error(ErrorCode::bad_audio, "the audio is cut off: its header promises more than came");
  }
  return std::min(claimed, available);
}

}  // namespace

std::array<std::byte, kWavHeaderBytes> wav_header(std::uint32_t sample_rate,
                                                  std::uint32_t data_bytes) {
  constexpr std::uint32_t kBytesPerSample = 2;
  std::array<std::byte, kWavHeaderBytes> header{};
  store(header, 0, "RIFF");
  store32(header, 4, std::uint64_t{data_bytes} + 36);
  store(header, 8, "WAVEfmt ");
  store32(header, 16, 16);  // bytes of the format chunk
  store16(header, 20, 1);   // PCM
  store16(header, 22, 1);   // channels
  store32(header, 24, sample_rate);
  store32(header, 28, std::uint64_t{sample_rate} * kBytesPerSample);
  store16(header, 32, kBytesPerSample);
  store16(header, 34, 8 * kBytesPerSample);
  store(header, 36, "data");
  store32(header, 40, data_bytes);
  return header;
}

std::vector<std::byte> true_wav_header(std::span<const std::byte> bytes) {
  const auto chunk = find_data_chunk(bytes);
  if (!chunk) throw Error(ErrorCode::bad_audio, "the audio is a WAV header without any samples");
  const std::size_t samples_begin = *chunk + kChunkHeaderBytes;
  const std::uint64_t length = true_length(load32(bytes, *chunk + 4), bytes.size() - samples_begin);
  const auto head = bytes.first(samples_begin);
  std::vector<std::byte> header(head.begin(), head.end());
  store32(header, 4, bytes.size() - kChunkHeaderBytes);
  store32(header, *chunk + 4, length);
  return header;
}

}  // namespace bhashatts::audio
