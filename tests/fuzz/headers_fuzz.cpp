// rooms: base net
// The values of a reply's headers, one a line: whatever they say, a wait is between nothing and a
// minute, a time of computing at most a day, and a media type is its own media type.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "net/header_values.h"
#include "net/http.h"

namespace {

namespace net = bhashatts::net;
using std::chrono::milliseconds;

constexpr std::int64_t kNow = 1'780'000'000;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_wait(std::optional<milliseconds> wait) {
  require(!wait || (wait->count() >= 0 && *wait <= net::kLongestWait));
}

void check(std::string_view value) {
  check_wait(net::parse_retry_after(value, kNow));
  check_wait(net::parse_rate_limit(value));
  const auto time = net::parse_seconds(value);
  require(!time || (time->count() >= 0 && *time <= std::chrono::hours(24)));
  const std::string type = net::media_type_of(value);
  require(net::media_type_of(type) == type);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  net::HttpReply reply;
  const char* const names[] = {"retry-after", "ratelimit", "date", "x-request-id"};
  for (const char* const name : names) {
    const auto line = text.substr(0, text.find('\n'));
    check(line);
    reply.headers.push_back({name, std::string(line)});
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : text.size());
  }
  check_wait(net::wanted_wait(reply));
  require(reply.request_id().size() <= 200);
  return 0;
}
