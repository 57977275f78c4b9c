// rooms: base net redis
// A stream of replies gives the same replies however it is cut: at once, byte by byte, and in
// pieces of a size that the first byte chooses. So does one that is no RESP2, or too large.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "bhashatts/error.h"
#include "redis/resp.h"

namespace {

using bhashatts::redis::Incoming;
using bhashatts::redis::Reply;

constexpr std::uint64_t kMost = 4'096;  // so that short inputs are too large

void note(const Reply& reply, std::string& to) {
  to += static_cast<char>('a' + static_cast<int>(reply.kind));
  to += reply.text + '\0' + std::to_string(reply.integer) + '\0';
  to += std::string(reply.bulk.chars()) + '\0';
  for (const Reply& element : reply.array) note(element, to);
}

std::string replies(std::string_view bytes, std::size_t piece) {
  std::string heard;
  Incoming incoming(kMost);
  try {
    while (!bytes.empty()) {
      const auto room = incoming.room();
      if (room.empty()) std::abort();
      const std::size_t size = std::min({piece, bytes.size(), room.size()});
      std::memcpy(room.data(), bytes.data(), size);
      incoming.received(size);
      bytes.remove_prefix(size);
      while (const auto reply = incoming.next()) note(*reply, heard);
    }
    heard += incoming.clean() ? "clean" : "open";
  } catch (const bhashatts::Error& error) {
    if (error.code() != bhashatts::ErrorCode::upstream_failed) std::abort();
    return "refused";  // what was whole before it may have been handed out, or not
  }
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = replies(bytes, size);
  if (replies(bytes, 1) != whole) std::abort();
  if (replies(bytes, std::size_t{data[0]} + 1) != whole) std::abort();
  return 0;
}
