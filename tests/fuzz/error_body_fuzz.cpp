// rooms: base audio net synth
// What a server says of a failure: the first two bytes choose status and service, lines of
// "name: value" up to an empty line are headers, the rest is the body. Whatever it is, it is one of
// the known errors, with waits within bounds and without the token that was sent.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "synth/error_reply.h"

namespace {

namespace synth = bhashatts::synth;

constexpr std::string_view kToken = "hf_QZXJKVWPYQZXJKVWPYQZXJKV";

void must(bool holds) {
  if (!holds) std::abort();
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bhashatts::net::HttpReply reply_in(std::string_view input, int status) {
  bhashatts::net::HttpReply reply;
  reply.status = status;
  for (auto line = take_line(input); !line.empty(); line = take_line(input)) {
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) break;
    reply.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
  }
  reply.body = input;
  return reply;
}

void check(const bhashatts::Error& error) {
  const auto family = static_cast<int>(error.code()) / 100;
  must(family == 4 || family == 5);
  must(error.retry_after().count() >= 0);
  const std::string_view message = error.what();
  must(!message.empty() && message.find(kToken) == std::string_view::npos);
  must(message.find("://") == std::string_view::npos);
  must(error.detail().find(kToken) == std::string::npos);
  must(error.detail().find('\n') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto service = static_cast<synth::Service>(data[0] % 4);
  const int status = 200 + (data[0] / 4) * 8 + data[1] % 8;  // 200 to 711
  const std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto error = synth::error_of(reply_in(rest, status), service, kToken);
  check(error);
  must(error.retry_after() <= std::chrono::minutes(1));
  check(synth::error_of_event(rest, kToken));
  return 0;
}
