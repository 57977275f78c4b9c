// The name of a piece of audio: 128 bits of a hash over all that decides how it sounds.
//
// Thread rule: a value; no shared state.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bhashatts/export.h"

namespace bhashatts {

struct Key {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Key&) const = default;

  // 32 lower-case hexadecimal digits.
  BHASHATTS_API std::string hex() const;
  // The reverse; nothing where `digits` is not exactly 32 hexadecimal digits (either case).
  BHASHATTS_API static std::optional<Key> from_hex(std::string_view digits);
};

}  // namespace bhashatts

// The bytes are a cryptographic hash already, so any eight of them serve a hash table.
template <>
struct std::hash<bhashatts::Key> {
  std::size_t operator()(const bhashatts::Key& key) const noexcept {
    std::uint64_t first = 0;
    std::memcpy(&first, key.bytes.data(), sizeof first);
    return static_cast<std::size_t>(first);
  }
};
