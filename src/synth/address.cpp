#include "synth/address.h"

#include <algorithm>
#include <cctype>

#include "bhashatts/error.h"

namespace bhashatts::synth {
namespace {

constexpr std::size_t kLongest = 4'096;

bool is_plain(std::string_view text) {
  return text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool has_user(std::string_view text) {
  const auto begin = text.find("//");
  if (begin == std::string_view::npos) return false;
  const auto end = text.find_first_of("/?#\\", begin + 2);
  return text.substr(begin, end - begin).find('@') != std::string_view::npos;
}

}  // namespace

net::Url checked_address(std::string_view text, std::string_view setting) {
  auto url = is_plain(text) && !has_user(text) ? net::Url::parse(text) : std::nullopt;
  if (url) return *std::move(url);
  throw Error(ErrorCode::config_invalid,
              std::string(setting) +
                  " must be an address that begins with https:// or http://, without a user name");
}

std::string root_of(const net::Url& url) {
  std::string root = url.text().substr(0, url.text().find_first_of("?#"));
  root.erase(root.find_last_not_of('/') + 1);
  return root;
}

std::string host_of(const net::Url& url) {
  const std::string& origin = url.origin();
  const auto begin = origin.find("//") + 2;
  return origin.substr(begin, origin.rfind(':') - begin);
}

std::string escaped_path(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kKept = "-._~/";
  std::string escaped;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x80 && std::isalnum(byte) != 0) || kKept.find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      escaped += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return escaped;
}

}  // namespace bhashatts::synth
