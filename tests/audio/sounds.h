// Sounds that tests make for themselves, and what decoding did to them.
#pragma once

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/codec.h"
#include "bhashatts/error.h"

namespace bhashatts::testing {

using Bytes = std::vector<std::byte>;

inline Bytes copy(std::span<const std::byte> bytes) { return {bytes.begin(), bytes.end()}; }
inline Bytes copy(const SharedBytes& bytes) { return copy(bytes.span()); }

// A tone that swells and falls and never repeats exactly: no encoder gets it for nothing.
inline audio::Pcm tone(std::size_t samples, std::uint32_t rate = 22'050) {
  audio::Pcm pcm{.sample_rate = rate, .samples = {}};
  for (std::size_t i = 0; i < samples; ++i) {
    const double t = static_cast<double>(i) / rate;
    const double swell = std::sin(2 * std::numbers::pi * 3 * t);
    const double wave = std::sin(2 * std::numbers::pi * (180 + 40 * swell) * t);
    pcm.samples.push_back(static_cast<std::int16_t>(std::lrint(9'000 * swell * wave)));
  }
  return pcm;
}

// Any format that libsndfile writes, from interleaved samples.
template <typename Sample, typename Write>
Bytes write_with(int format, std::uint32_t rate, int channels, const std::vector<Sample>& samples,
                 const Write& write) {
  struct Memory {
    Bytes bytes;
    std::size_t position = 0;
  } memory;
  SF_VIRTUAL_IO io{};
  io.get_filelen = [](void* m) {
    return static_cast<sf_count_t>(static_cast<Memory*>(m)->bytes.size());
  };
  io.seek = [](sf_count_t offset, int whence, void* m) {
    auto& file = *static_cast<Memory*>(m);
    const auto base = whence == SEEK_SET   ? 0
                      : whence == SEEK_CUR ? static_cast<sf_count_t>(file.position)
                                           : static_cast<sf_count_t>(file.bytes.size());
    file.position = static_cast<std::size_t>(base + offset);
    return base + offset;
  };
  io.read = [](void*, sf_count_t, void*) { return sf_count_t{0}; };
  io.tell = [](void* m) { return static_cast<sf_count_t>(static_cast<Memory*>(m)->position); };
  io.write = [](const void* from, sf_count_t count, void* m) {
    auto& file = *static_cast<Memory*>(m);
    const auto size = static_cast<std::size_t>(count);
    if (file.bytes.size() < file.position + size) file.bytes.resize(file.position + size);
    const auto* bytes = static_cast<const std::byte*>(from);
    std::copy(bytes, bytes + size, file.bytes.begin() + static_cast<std::ptrdiff_t>(file.position));
    file.position += size;
    return count;
  };
  SF_INFO info{};
  info.samplerate = static_cast<int>(rate);
  info.channels = channels;
  info.format = format;
  SNDFILE* file = sf_open_virtual(&io, SFM_WRITE, &info, &memory);
  if (file == nullptr) return {};
  write(file, samples.data(), static_cast<sf_count_t>(samples.size()));
  sf_close(file);
  return memory.bytes;
}

inline Bytes write_ints(int format, std::uint32_t rate, int channels,
                        const std::vector<int>& samples) {
  return write_with(format, rate, channels, samples, sf_write_int);
}

inline Bytes write_floats(int format, std::uint32_t rate, int channels,
                          const std::vector<float>& samples) {
  return write_with(format, rate, channels, samples, sf_write_float);
}

// The code that decoding raised; nothing when it succeeded.
inline std::optional<ErrorCode> decode_error(std::span<const std::byte> bytes) {
  try {
    audio::decode(bytes);
    return std::nullopt;
  } catch (const Error& error) {
    return error.code();
  }
}

inline void store32(Bytes& bytes, std::size_t offset, std::uint32_t number) {
  for (unsigned i = 0; i < 4; ++i) bytes[offset + i] = static_cast<std::byte>(number >> (8 * i));
}

}  // namespace bhashatts::testing
