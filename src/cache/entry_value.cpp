#include "cache/entry_value.h"

#include <openssl/rand.h>

#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/hash.h"
#include "bhashatts/error.h"

namespace bhashatts::cache {
namespace {

constexpr std::string_view kMagic = "bht1";

std::uint64_t random_number() {
  std::uint64_t number = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) != 1) {
    number = static_cast<std::uint64_t>(unix_ms());
  }
  return number;
}

std::size_t byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

struct Parts {
  std::string_view language;
  std::string_view header;
  std::size_t audio_begins = 0;
};

std::optional<Parts> parts_of(std::string_view value) {
  const auto language = value_language(value);
  if (!language) return std::nullopt;
  const std::size_t at = kMagic.size() + 1 + language->size();
  const std::size_t size = byte_at(value, at) | byte_at(value, at + 1) << 8U;
  if (value.size() < at + 2 + size) return std::nullopt;
  return Parts{*language, value.substr(at + 2, size), at + 2 + size};
}

SharedBytes behind(const SharedBytes& value, std::size_t begin) {
  return {value.data() + begin, value.size() - begin, std::make_shared<const SharedBytes>(value)};
}

}  // namespace

std::string value_front(const CacheEntry& entry, std::int64_t ttl_seconds) {
  Entry header;
  header.metadata = *entry.metadata;
  header.sequence = random_number();
  header.written_at = unix_seconds();
  header.expires_at = header.written_at + ttl_seconds;
  const std::string bytes = encode(header);
  const std::string& language = entry.metadata->language;
  if (language.size() > kLongestLanguage) {
    throw Error(ErrorCode::bad_request, "metadata too long");
  }
  std::string front(kMagic);
  front += static_cast<char>(language.size());
  front += language;
  front += static_cast<char>(bytes.size() & 0xffU);
  front += static_cast<char>(bytes.size() >> 8U);
  return front + bytes;
}

std::optional<std::string_view> value_language(std::string_view value) {
  if (!value.starts_with(kMagic)) return std::nullopt;
  const std::size_t size = byte_at(value, kMagic.size());
  if (value.size() < kMagic.size() + 1 + size) return std::nullopt;
  return value.substr(kMagic.size() + 1, size);
}

std::size_t bytes_that_tell(std::string_view language) {
  return kMagic.size() + 1 + language.size();
}

ReadValue read_value(const Key& key, const SharedBytes& value) {
  const auto parts = parts_of(value.chars());
  if (!parts) return {};
  Entry header;
  const Decoded decoded = decode(parts->header, header);
  if (decoded != Decoded::good) return {decoded, {}, 0};
  const AudioMetadata& metadata = header.metadata;
  SharedBytes audio = behind(value, parts->audio_begins);
  const bool whole = metadata.key == key && metadata.language == parts->language &&
                     metadata.size_bytes == audio.size() &&
                     metadata.checksum == xxh3_64(audio.span());
  if (!whole) return {};
  return {Decoded::good,
          {std::move(audio), std::make_shared<const AudioMetadata>(std::move(header.metadata))},
          header.expires_at};
}

}  // namespace bhashatts::cache
