// rooms: base net
// An event stream gives the same events however it is cut: at once, byte by byte, and in pieces of
// a size that the first byte chooses. So does one that is too long.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/error.h"
#include "net/event_stream.h"

namespace {

using bhashatts::net::EventStream;
using bhashatts::net::ServerEvent;

constexpr std::size_t kMost = 64;  // so that short inputs are too long

std::vector<std::string> events(std::string_view text, std::size_t piece) {
  std::vector<std::string> heard;
  EventStream stream(
      [&](const ServerEvent& event) {
        heard.push_back(event.event + '\0' + event.data);
        return event.data != "stop";
      },
      kMost);
  try {
    bool wanted = true;
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
      const bool more = stream.feed(text.substr(0, piece));
      if (more && !wanted) std::abort();  // an end is for good
      wanted = more;
    }
    heard.emplace_back(wanted ? "open" : "ended");
  } catch (const bhashatts::Error& error) {
    if (error.code() != bhashatts::ErrorCode::upstream_failed) std::abort();
    heard.emplace_back("too long");
  }
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = events(text, size);
  if (events(text, 1) != whole) std::abort();
  if (events(text, std::size_t{data[0]} + 1) != whole) std::abort();
  return 0;
}
