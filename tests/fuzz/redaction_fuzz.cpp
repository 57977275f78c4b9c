// rooms: base net
// What an upstream says, made fit for a log: the first line is the secret. The result is short, one
// line without controls, and does not hold the secret.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/ascii.h"
#include "net/secrets.h"

namespace {

namespace net = bhashatts::net;

void require(bool holds) {
  if (!holds) std::abort();
}

// One that could not come about by itself: "http" would.
bool is_like_a_token(std::string_view secret) {
  return secret.size() >= 12 && std::all_of(secret.begin(), secret.end(), net::is_alnum);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto secret = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(secret.size() + 1, text.size()));
  const std::string shown = net::redacted(text, secret, 120);
  require(shown.size() <= 120);
  require(std::none_of(shown.begin(), shown.end(), [](char c) { return net::is_control(c); }));
  if (is_like_a_token(secret)) require(shown.find(secret) == std::string::npos);
  require(net::redacted(shown, {}, 120).size() <= 120);
  return 0;
}
