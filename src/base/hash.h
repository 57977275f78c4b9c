// Hashes. XXH3 for checksums and tables; SHA-256 for names that must not collide on purpose.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "bhashatts/key.h"

namespace bhashatts {

std::uint64_t xxh3_64(std::span<const std::byte> bytes) noexcept;
std::uint64_t xxh3_64(std::string_view chars) noexcept;

using Sha256 = std::array<unsigned char, 32>;
Sha256 sha256(std::string_view bytes);
// RFC 2104 over SHA-256.
Sha256 hmac_sha256(std::string_view secret, std::string_view bytes);
std::string hex(const Sha256& digest);  // lower case

// 32 lower-case digits. Only to read names that others gave: no name of ours is an MD5. Raises
// not_supported where OpenSSL is told to have none (FIPS).
std::string md5_hex(std::string_view bytes);

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
