#include "synth/base64.h"

#include <array>
#include <cstdint>

namespace bhashatts::synth {
namespace {

enum : std::uint8_t { kBad = 64, kBlank = 65, kPadding = 66 };

constexpr std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> table{};
  for (auto& entry : table) entry = kBad;
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kLetters.size(); ++i) {
    table[static_cast<unsigned char>(kLetters[i])] = static_cast<std::uint8_t>(i);
  }
  table['-'] = 62;  // the alphabet for addresses
  table['_'] = 63;
  table['='] = kPadding;
  for (const char blank : {' ', '\t', '\r', '\n'})
    table[static_cast<unsigned char>(blank)] = kBlank;
  return table;
}

constexpr std::array<std::uint8_t, 256> kTable = make_table();

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  std::size_t letters = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    const std::uint8_t value = kTable[static_cast<unsigned char>(c)];
    if (value == kBlank) continue;
    if (value == kPadding) {
      ++padding;
      continue;
    }
    if (value == kBad || padding > 0) return std::nullopt;
    bits = (bits << 6U) | value;
    const std::size_t held = ++letters % 4;  // each letter but the first of four ends a byte
    if (held != 1) bytes += static_cast<char>(bits >> (held == 2 ? 4U : held == 3 ? 2U : 0U));
  }
  const bool fits = padding == 0 || (letters + padding) % 4 == 0;
  if (letters % 4 == 1 || padding > 2 || !fits) return std::nullopt;
  return bytes;
}

}  // namespace bhashatts::synth
