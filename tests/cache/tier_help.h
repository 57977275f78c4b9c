// Speech that is not speech, and a look at what lies in a tier's directory.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "bhashatts/cache_tier.h"
#include "cache/lmdb_tier.h"

namespace bhashatts::testing {

inline constexpr std::chrono::seconds kDay{86'400};

inline Key key_number(std::uint64_t number) {
  return KeyHasher().field(static_cast<std::int64_t>(number)).finish();
}

// The same number and size always give the same bytes.
inline std::string audio_number(std::uint64_t number, std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t state = number * 0x9E3779B97F4A7C15U + 1;
  for (char& byte : bytes) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    byte = static_cast<char>(state);
  }
  return bytes;
}

inline CacheEntry speech_number(std::uint64_t number, std::size_t size = 1000,
                                const std::string& language = "HINDI") {
  CacheEntry entry;
  entry.audio = SharedBytes::adopt(audio_number(number, size));
  AudioMetadata metadata;
  metadata.key = key_number(number);
  metadata.format = AudioFormat::opus;
  metadata.sample_rate = 22'050;
  metadata.duration_ms = 1234;
  metadata.size_bytes = size;
  metadata.checksum = xxh3_64(entry.audio.span());
  metadata.synthesizer = "espeak-ng:1.51";
  metadata.language = language;
  metadata.voice_style = "storyteller";
  metadata.created_at = 1'700'000'000;
  entry.metadata = std::make_shared<const AudioMetadata>(std::move(metadata));
  return entry;
}

inline cache::LmdbTierOptions tier_options(const std::filesystem::path& directory,
                                           std::int64_t max_bytes = 64 << 20) {
  cache::LmdbTierOptions options;
  options.directory = directory;
  options.max_bytes = max_bytes;
  options.map_bytes = 64 << 20;
  return options;
}

inline std::vector<std::filesystem::path> files_below(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

inline std::int64_t bytes_below(const std::filesystem::path& directory) {
  std::int64_t bytes = 0;
  for (const auto& file : files_below(directory)) {
    bytes += static_cast<std::int64_t>(std::filesystem::file_size(file));
  }
  return bytes;
}

inline void flip_byte(const std::filesystem::path& file, std::uint64_t offset, char mask = 0x40) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(offset));
  const char byte = static_cast<char>(stream.get());
  stream.seekp(static_cast<std::streamoff>(offset));
  stream.put(static_cast<char>(byte ^ mask));
}

inline bool holds(cache::LmdbTier& tier, std::uint64_t number, std::size_t size = 1000) {
  const auto hit = tier.get(key_number(number));
  return hit && hit->audio.chars() == audio_number(number, size);
}

}  // namespace bhashatts::testing
