#include "net/http.h"

#include <algorithm>
#include <array>

namespace bhashatts::net {
namespace {

constexpr std::size_t kMaxRequestId = 200;

std::string printable(std::string_view value) {
  std::string kept;
  for (const char c : value) {
    if (kept.size() == kMaxRequestId) break;
    if (c > ' ' && c <= '~') kept += c;
  }
  return kept;
}

}  // namespace

std::string_view HttpReply::header(std::string_view name) const noexcept {
  const auto same = [&](const Header& header) { return header.name == name; };
  const auto found = std::find_if(headers.begin(), headers.end(), same);
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

std::string HttpReply::request_id() const {
  constexpr std::array<std::string_view, 3> kNames{"x-request-id", "x-amzn-trace-id",
                                                   "x-amz-cf-id"};
  for (const std::string_view name : kNames) {
    if (auto id = printable(header(name)); !id.empty()) return id;
  }
  return {};
}

}  // namespace bhashatts::net
