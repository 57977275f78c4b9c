// A cache entry as one value, for tiers that keep values under keys: Redis, and tiers of a host's
// own.
//
// A value is: magic, the language (one byte of length, then the name), the header of
// cache/entry_codec.h (two bytes of length, then it), the audio. The language stands in front, and
// not only in the header, so that who clears by language learns it from the first bytes of a value
// and never moves a megabyte.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bhashatts/cache_tier.h"
#include "cache/entry_codec.h"

namespace bhashatts::cache {

inline constexpr std::int64_t kMaxTtlSeconds = std::int64_t{100} * 365 * 86'400;

// What stands in front of the audio. Each has a random number in its header, so that the same front
// is the same write. Raises bad_request where the metadata is too long.
std::string value_front(const CacheEntry& entry, std::int64_t ttl_seconds);
inline constexpr std::size_t kLongestLanguage = 255;
inline constexpr std::size_t kLongestFront = 4 + 1 + kLongestLanguage + 2 + kMaxEntryBytes;

// Nothing where the value does not say, or is cut off.
std::optional<std::string_view> value_language(std::string_view value);
// So many first bytes tell whether a value is in the language.
std::size_t bytes_that_tell(std::string_view language);

struct ReadValue {
  Decoded state = Decoded::damaged;
  CacheEntry entry;             // where good; the audio is the value's own memory
  std::int64_t expires_at = 0;  // Unix seconds
};
// Good: whole, under this key, and its checksum is that of the audio.
ReadValue read_value(const Key& key, const SharedBytes& value);

}  // namespace bhashatts::cache
