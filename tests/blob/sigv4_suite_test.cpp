// AWS's own signing test suite, where the environment says that it is: BHASHATTS_SIGV4_SUITE names
// its directory "v4". Each case is a directory with a request, what it is signed with, and each
// step of its two signatures, in headers and in the query.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/hash.h"
#include "blob/sigv4.h"
#include "net/ascii.h"

namespace bhashatts::blob {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  EXPECT_TRUE(stream) << file;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    result += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
    i += 2;
  }
  return result;
}

Query query_of(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = std::min(part.find('='), part.size());
    query.emplace_back(decoded(part.substr(0, equals)),
                       decoded(part.substr(std::min(equals + 1, part.size()))));
  }
  return query;
}

void read_headers(std::string_view& text, SigningRequest& request) {
  for (auto line = take_line(text); !line.empty(); line = take_line(text)) {
    if (net::is_blank(line.front())) {
      request.headers.back().value += "\n" + std::string(line);
      continue;
    }
    const auto colon = line.find(':');
    request.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))});
  }
}

struct Case {
  SigningRequest request;
  Credentials credentials;
  SigningScope scope;
  SigningOptions options;
  std::chrono::seconds lifetime{0};
};

Case read_case(const fs::path& directory) {
  const auto context = nlohmann::json::parse(read(directory / "context.json"));
  Case result;
  const auto& keys = context["credentials"];
  result.credentials = {keys["access_key_id"], keys["secret_access_key"], keys.value("token", "")};
  EXPECT_EQ(context["timestamp"], "2015-08-30T12:36:00Z");
  result.scope = {context["region"], context["service"], 1'440'938'160};
  const bool sign_body = context["sign_body"];
  result.options = {true, context["normalize"], sign_body,
                    !context.value("omit_session_token", false)};
  result.lifetime = std::chrono::seconds(context["expiration_in_seconds"].get<int>());
  const std::string text = read(directory / "request.txt");
  std::string_view rest = text;
  const std::string_view first = take_line(rest);
  const auto space = first.find(' ');
  const auto target = first.substr(space + 1, first.rfind(' ') - space - 1);
  result.request.method = first.substr(0, space);
  result.request.path = target.substr(0, target.find('?'));
  if (target.find('?') != target.npos) {
    result.request.query = query_of(target.substr(target.find('?') + 1));
  }
  read_headers(rest, result.request);
  result.request.payload_hash = hex(sha256(sign_body ? rest : ""));
  return result;
}

void compare(const Signed& result, const fs::path& directory, const std::string& how) {
  EXPECT_EQ(result.canonical_request, read(directory / (how + "-canonical-request.txt")));
  EXPECT_EQ(result.string_to_sign, read(directory / (how + "-string-to-sign.txt")));
  EXPECT_EQ(result.signature, read(directory / (how + "-signature.txt")));
}

TEST(SigV4Suite, EveryStepIsAsAmazonsOwn) {
  const char* const suite = std::getenv("BHASHATTS_SIGV4_SUITE");
  if (suite == nullptr) GTEST_SKIP() << "BHASHATTS_SIGV4_SUITE names no directory";
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(suite)) {
    SCOPED_TRACE(entry.path().filename());
    const Case given = read_case(entry.path());
    compare(sign_headers(given.request, given.credentials, given.scope, given.options),
            entry.path(), "header");
    compare(presign(given.request, given.credentials, given.scope, given.lifetime, given.options),
            entry.path(), "query");
    ++cases;
  }
  EXPECT_GE(cases, 38);
}

}  // namespace
}  // namespace bhashatts::blob
