// Hashes. XXH3 for checksums and tables; SHA-256 for names that must not collide on purpose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "bhashatts/key.h"

namespace bhashatts {

std::uint64_t xxh3_64(std::span<const std::byte> bytes) noexcept;
std::uint64_t xxh3_64(std::string_view chars) noexcept;

// SHA-256 (or HMAC-SHA-256 when `secret` is not empty), cut to 128 bits, over length-prefixed
// fields: ("ab","c") and ("a","bc") differ. A prefix is 4 bytes, big-endian.
class KeyHasher {
 public:
  explicit KeyHasher(std::string_view secret = {});
  ~KeyHasher();
  KeyHasher(const KeyHasher&) = delete;
  KeyHasher& operator=(const KeyHasher&) = delete;

  KeyHasher& field(std::string_view bytes);
  KeyHasher& field(std::int64_t number);  // as decimal digits
  Key finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bhashatts
