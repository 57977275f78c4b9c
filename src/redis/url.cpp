// By hand and not by net/url.h: that is for http, and curl's parser takes a path for what it is
// elsewhere. Strict on purpose: a '#', '?' or '/' that somebody forgot to encode in a password
// would otherwise send half of the password to a resolver as a host's name.
#include "redis/url.h"

#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "bhashatts/error.h"

namespace bhashatts::redis {
namespace {

constexpr std::uint16_t kPort = 6379;

Error invalid(const std::string& what) {
  return {ErrorCode::config_invalid, "the URL of Redis (REDIS_URL) is not valid: " + what};
}

bool all(std::string_view text, bool (*fits)(char)) {
  return std::all_of(text.begin(), text.end(), fits);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_plain(char c) { return c > ' ' && c < '\x7f' && c != '#' && c != '\\'; }
bool is_address(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}
bool is_host(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_';
}

int digit_of(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
    if (high < 0 || low < 0) throw invalid("a '%' must be followed by two hexadecimal digits");
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return bytes;
}

template <typename Number>
std::optional<Number> number_of(std::string_view digits) {
  Number number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, failure] = std::from_chars(digits.data(), end, number);
  if (failure != std::errc{} || stopped != end || !all(digits, is_digit)) return std::nullopt;
  return number;
}

// Splits at the first `mark`; the second half is empty where there is none.
std::string_view cut(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  const std::string_view first = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + mark.size());
  return first;
}

void read_user(std::string_view text, Address& address) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    throw invalid("a user needs a password; a password alone is written as :password@");
  }
  address.user = decoded(text.substr(0, colon));
  address.password = decoded(text.substr(colon + 1));
  if (address.password.empty()) throw invalid("the password is empty");
}

// Takes "user:password@" off the front of `text`, which ends where the path begins.
void take_user(std::string_view& text, Address& address) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return;
  read_user(text.substr(0, at), address);
  text.remove_prefix(at + 1);
}

void read_port(std::string_view digits, Address& address) {
  const auto port = number_of<std::uint16_t>(digits);
  if (!port || *port == 0) throw invalid("the port must be a number from 1 to 65535");
  address.port = *port;
}

void read_host(std::string_view text, Address& address) {
  const bool numbers = text.starts_with('[');  // IPv6
  if (numbers) text.remove_prefix(1);
  const std::size_t end = text.find(numbers ? ']' : ':');
  if (numbers && end == std::string_view::npos) throw invalid("a '[' without a ']'");
  address.host = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + (numbers ? 1 : 0));
  if (address.host.empty() && !numbers) address.host = "localhost";
  if (address.host.empty() || !all(address.host, numbers ? is_address : is_host)) {
    throw invalid(
        "it has no host's name where one belongs (in a password, / ? # @ : % are "
        "written as %2F %3F %23 %40 %3A %25)");
  }
  address.port = kPort;
  if (text.empty()) return;
  if (text.front() != ':') throw invalid("something stands between the host and the port");
  read_port(text.substr(1), address);
}

void read_database(std::string_view digits, Address& address) {
  const auto number = number_of<std::int32_t>(digits);
  if (!number) throw invalid("the database must be a number");
  address.database = *number;
}

void read_query(std::string_view query, Address& address) {
  if (query.empty()) return;
  if (!query.starts_with("db=")) {
    throw invalid(
        "it knows one parameter, db (certificates are always checked; for a private "
        "authority set its CA file)");
  }
  read_database(query.substr(3), address);
}

void read_path(std::string_view text, Address& address) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  std::string_view front = text.substr(0, slash);
  take_user(front, address);
  if (!front.empty() || slash == text.size()) {
    throw invalid("the path of a socket must begin with a slash: unix:///run/redis.sock");
  }
  address.path = decoded(text.substr(slash));
  if (address.path.find('\0') != std::string::npos || address.path.size() < 2 ||
      address.path.size() >= sizeof(sockaddr_un::sun_path)) {
    throw invalid("the path of the socket must have 1 to 107 bytes");
  }
}

void read_server(std::string_view text, Address& address) {
  std::string_view server = cut(text, "/");
  take_user(server, address);
  read_host(server, address);
  if (!text.empty()) read_database(text, address);
}

}  // namespace

Address parse_address(std::string_view url) {
  if (!all(url, is_plain)) throw invalid("it has blanks, controls, a '#' or letters beyond ASCII");
  Address address;
  if (url.find("://") == std::string_view::npos) throw invalid("it has no scheme (redis://...)");
  const std::string_view scheme = cut(url, "://");
  const std::string_view front = cut(url, "?");
  if (scheme == "unix") {
    read_path(front, address);
  } else if (scheme == "redis" || scheme == "rediss") {
    address.tls = scheme == "rediss";
    read_server(front, address);
  } else {
    throw invalid("its scheme must be redis, rediss or unix");
  }
  read_query(url, address);
  return address;
}

}  // namespace bhashatts::redis
