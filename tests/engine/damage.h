// Damage to a file, as a disk or a careless hand does it.
//
// Thread rule: pure functions on files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace bhashatts::testing {

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void flip(const std::filesystem::path& file, std::uint64_t offset) {
  std::fstream io(file, std::ios::binary | std::ios::in | std::ios::out);
  io.seekg(static_cast<std::streamoff>(offset));
  const auto byte = static_cast<char>(io.get() ^ 0xff);
  io.seekp(static_cast<std::streamoff>(offset));
  io.put(byte);
}

inline void fill(const std::filesystem::path& file, std::function<char()> next) {
  std::string bytes(std::filesystem::file_size(file), '\0');
  for (char& byte : bytes) byte = next();
  std::ofstream(file, std::ios::binary) << bytes;
}

struct Damage {
  std::string name;
  std::function<void(const std::filesystem::path&)> inflict;
};

// What may become of an audio file.
inline std::vector<Damage> damages_of_a_file() {
  namespace fs = std::filesystem;
  using Path = const fs::path&;
  return {{"first byte flipped", [](Path file) { flip(file, 0); }},
          {"a byte in the middle flipped", [](Path file) { flip(file, fs::file_size(file) / 2); }},
          {"last byte flipped", [](Path file) { flip(file, fs::file_size(file) - 1); }},
          {"last byte cut off", [](Path file) { fs::resize_file(file, fs::file_size(file) - 1); }},
          {"half cut off", [](Path file) { fs::resize_file(file, fs::file_size(file) / 2); }},
          {"emptied", [](Path file) { fs::resize_file(file, 0); }},
          {"made longer", [](Path file) { fs::resize_file(file, fs::file_size(file) + 7); }},
          {"gone", [](Path file) { fs::remove(file); }}};
}

// What may become of an LMDB file: every byte of its two headers that says something, bytes all
// over it by lot, and worse.
inline std::vector<Damage> damages_of_a_database(std::uint64_t size, std::uint64_t seed) {
  namespace fs = std::filesystem;
  using Path = const fs::path&;
  std::vector<Damage> all;
  const auto add_flip = [&](std::uint64_t offset) {
    all.push_back({"byte " + std::to_string(offset) + " flipped",
                   [offset](Path file) { flip(file, offset); }});
  };
  for (std::uint64_t page = 0; page < 8192; page += 4096) {
    for (std::uint64_t byte = 10; byte < 152; byte += 9) add_flip(page + byte);
  }
  std::minstd_rand random(static_cast<std::uint_fast32_t>(seed));
  // By halves at the head of a page, where its structure lies.
  for (int i = 0; i < 40; ++i) {
    const std::uint64_t page = random() % (size / 4096) * 4096;
    add_flip(page + random() % (i % 2 == 0 ? 64 : 4096));
  }
  for (const std::uint64_t left : {std::uint64_t{0}, std::uint64_t{100}, std::uint64_t{4096},
                                   size / 2 / 4096 * 4096, size - 4096, size - 1}) {
    all.push_back({"cut to " + std::to_string(left) + " bytes",
                   [left](Path file) { fs::resize_file(file, left); }});
  }
  all.push_back({"all zeros", [](Path file) { fill(file, [] { return '\0'; }); }});
  all.push_back({"all noise", [seed](Path file) {
                   std::minstd_rand noise(static_cast<std::uint_fast32_t>(seed));
                   fill(file, [&] { return static_cast<char>(noise() >> 8U); });
                 }});
  return all;
}

}  // namespace bhashatts::testing
