// The signing key is derived anew for each request: with the signature itself that is 2 us of the 6
// us that signing takes, and of the 120 us that the smallest request costs us, while a cache of it
// would need a lock that a fork can leave taken.
#include "blob/sigv4.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/hash.h"
#include "blob/object_name.h"
#include "net/ascii.h"

namespace bhashatts::blob {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// "20150830T123600Z"
std::string timestamp(std::int64_t unix_seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string day_of(const SigningScope& scope) { return timestamp(scope.unix_seconds).substr(0, 8); }

std::string scope_text(const SigningScope& scope) {
  return day_of(scope) + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

// As object_name.h's, but '/' is encoded too.
std::string encoded_whole(std::string_view text) {
  std::string encoded = percent_encoded(text);
  for (auto at = encoded.find('/'); at != std::string::npos; at = encoded.find('/', at)) {
    encoded.replace(at, 1, "%2F");
  }
  return encoded;
}

// RFC 3986, section 5.2.4, and runs of '/' become one.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> parts;
  const bool directory = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
  }
  std::string result;
  for (const auto part : parts) result.append("/").append(part);
  return directory || result.empty() ? result + "/" : result;
}

std::string canonical_path(std::string_view path, const SigningOptions& options) {
  std::string result = options.normalize_path ? normalized(path) : std::string(path);
  if (result.empty()) result = "/";
  return options.double_encode ? percent_encoded(result) : result;
}

// Without blanks around it; runs of blanks inside, also over line breaks, are one space.
std::string canonical_value(std::string_view value) {
  std::string result;
  for (const char c : net::trimmed(value)) {
    if (!net::is_blank(c)) {
      result += c;
    } else if (result.back() != ' ') {
      result += ' ';
    }
  }
  return result;
}

// Names in lower case and sorted; values of one name in their order, joined by commas.
std::vector<net::Header> canonical_headers(const std::vector<net::Header>& headers) {
  std::vector<net::Header> sorted;
  sorted.reserve(headers.size());
  for (const auto& header : headers) {
    sorted.push_back({net::lowered(header.name), canonical_value(header.value)});
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  std::vector<net::Header> joined;
  for (auto& header : sorted) {
    if (!joined.empty() && joined.back().name == header.name) {
      joined.back().value += "," + header.value;
    } else {
      joined.push_back(std::move(header));
    }
  }
  return joined;
}

std::string signed_names(const std::vector<net::Header>& canonical) {
  std::string names;
  for (const auto& header : canonical) {
    if (!names.empty()) names += ';';
    names += header.name;
  }
  return names;
}

std::string_view view_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Signed signed_by(SigningRequest request, const Credentials& credentials, const SigningScope& scope,
                 const SigningOptions& options) {
  Signed result;
  result.canonical_request = canonical_request(request, options);
  result.string_to_sign = string_to_sign(result.canonical_request, scope);
  result.signature = signature(result.string_to_sign, credentials, scope);
  result.request = std::move(request);
  return result;
}

}  // namespace

std::string encoded_query(const Query& query) {
  Query encoded;
  for (const auto& [name, value] : query) {
    encoded.emplace_back(encoded_whole(name), encoded_whole(value));
  }
  std::sort(encoded.begin(), encoded.end());
  std::string text;
  for (const auto& [name, value] : encoded) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return text;
}

std::string canonical_request(const SigningRequest& request, const SigningOptions& options) {
  const auto headers = canonical_headers(request.headers);
  std::string text = request.method + "\n" + canonical_path(request.path, options) + "\n" +
                     encoded_query(request.query) + "\n";
  for (const auto& header : headers) {
    text.append(header.name).append(":").append(header.value).append("\n");
  }
  return text + "\n" + signed_names(headers) + "\n" + request.payload_hash;
}

std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope) {
  return std::string(kAlgorithm) + "\n" + timestamp(scope.unix_seconds) + "\n" + scope_text(scope) +
         "\n" + hex(sha256(canonical_request));
}

std::string signature(std::string_view string_to_sign, const Credentials& credentials,
                      const SigningScope& scope) {
  Sha256 key = hmac_sha256("AWS4" + credentials.secret_access_key, day_of(scope));
  key = hmac_sha256(view_of(key), scope.region);
  key = hmac_sha256(view_of(key), scope.service);
  key = hmac_sha256(view_of(key), "aws4_request");
  return hex(hmac_sha256(view_of(key), string_to_sign));
}

Signed sign_headers(SigningRequest request, const Credentials& credentials,
                    const SigningScope& scope, const SigningOptions& options) {
  request.headers.push_back({"X-Amz-Date", timestamp(scope.unix_seconds)});
  if (options.sign_body_header) {
    request.headers.push_back({"x-amz-content-sha256", request.payload_hash});
  }
  const net::Header token{"X-Amz-Security-Token", credentials.session_token};
  const bool has_token = !token.value.empty();
  if (has_token && options.sign_token) request.headers.push_back(token);
  Signed result = signed_by(std::move(request), credentials, scope, options);
  const std::string names = signed_names(canonical_headers(result.request.headers));
  result.request.headers.push_back(
      {"Authorization", std::string(kAlgorithm) + " Credential=" + credentials.access_key_id + "/" +
                            scope_text(scope) + ", SignedHeaders=" + names +
                            ", Signature=" + result.signature});
  if (has_token && !options.sign_token) result.request.headers.push_back(token);
  return result;
}

Signed presign(SigningRequest request, const Credentials& credentials, const SigningScope& scope,
               std::chrono::seconds lifetime, const SigningOptions& options) {
  Query& query = request.query;
  query.emplace_back("X-Amz-Algorithm", kAlgorithm);
  query.emplace_back("X-Amz-Credential", credentials.access_key_id + "/" + scope_text(scope));
  query.emplace_back("X-Amz-Date", timestamp(scope.unix_seconds));
  query.emplace_back("X-Amz-Expires", std::to_string(lifetime.count()));
  query.emplace_back("X-Amz-SignedHeaders", signed_names(canonical_headers(request.headers)));
  const std::pair<std::string, std::string> token{"X-Amz-Security-Token",
                                                  credentials.session_token};
  const bool has_token = !token.second.empty();
  if (has_token && options.sign_token) query.push_back(token);
  Signed result = signed_by(std::move(request), credentials, scope, options);
  result.request.query.emplace_back("X-Amz-Signature", result.signature);
  if (has_token && !options.sign_token) result.request.query.push_back(token);
  return result;
}

}  // namespace bhashatts::blob
