#include "base/places.h"

#include <cstdint>

namespace bhashatts {
namespace {

constexpr int kMostShift = 42;  // seven bytes: far beyond the hour that a speech may last

void put(std::string& bytes, std::int64_t difference) {
  auto rest = static_cast<std::uint64_t>(difference);
  for (; rest >= 0x80; rest >>= 7U) bytes.push_back(static_cast<char>(0x80U | (rest & 0x7fU)));
  bytes.push_back(static_cast<char>(rest));
}

// Nothing at the end, where a number does not end, or has an empty last byte: each has one form.
std::optional<std::int64_t> take(std::string_view& bytes) {
  std::int64_t number = 0;
  for (int shift = 0; shift <= kMostShift && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<std::int64_t>(byte & 0x7fU) << shift;
    if (byte == 0 && shift > 0) return std::nullopt;
    if (byte < 0x80U) return number;
  }
  return std::nullopt;
}

}  // namespace

std::string pack_places(std::span<const UtterancePlace> places) {
  std::string bytes;
  std::int64_t at = 0;
  for (const UtterancePlace& place : places) {
    put(bytes, place.start_ms - at);
    put(bytes, place.end_ms - place.start_ms);
    at = place.end_ms;
  }
  return bytes;
}

std::optional<std::vector<UtterancePlace>> unpack_places(std::string_view bytes) {
  std::vector<UtterancePlace> places;
  std::int64_t at = 0;
  while (!bytes.empty()) {
    const auto pause = take(bytes);
    const auto length = take(bytes);
    if (!pause || !length) return std::nullopt;
    places.push_back({at + *pause, at + *pause + *length});
    at = places.back().end_ms;
  }
  return places;
}

}  // namespace bhashatts
