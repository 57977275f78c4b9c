#include "net/url.h"

#include <curl/curl.h>

#include <memory>
#include <utility>

#include "net/ascii.h"

namespace bhashatts::net {
namespace {

using Parser = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

Parser new_parser() { return Parser(curl_url(), &curl_url_cleanup); }

// A NUL would end the text for curl, and not for us.
bool set(const Parser& parser, std::string_view url, unsigned flags) {
  const bool whole = url.find('\0') == std::string_view::npos;
  return whole &&
         curl_url_set(parser.get(), CURLUPART_URL, std::string(url).c_str(), flags) == CURLUE_OK;
}

std::string part(const Parser& parser, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(parser.get(), what, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return text;
}

// Empty where it is no origin that we would call.
std::string origin_of(const Parser& parser) {
  const std::string scheme = lowered(part(parser, CURLUPART_SCHEME));
  const std::string host = lowered(part(parser, CURLUPART_HOST));
  if ((scheme != "http" && scheme != "https") || host.empty()) return {};
  return scheme + "://" + host + ":" + part(parser, CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

}  // namespace

std::optional<Url> Url::parse(std::string_view text) {
  const Parser parser = new_parser();
  if (!parser || !set(parser, text, CURLU_PATH_AS_IS)) return std::nullopt;
  std::string origin = origin_of(parser);
  if (origin.empty()) return std::nullopt;
  return Url(std::string(text), std::move(origin));
}

std::optional<Url> Url::resolve(std::string_view reference) const {
  const Parser parser = new_parser();
  if (!parser || !set(parser, text_, CURLU_PATH_AS_IS)) return std::nullopt;
  if (!set(parser, reference, CURLU_URLENCODE)) return std::nullopt;
  std::string origin = origin_of(parser);
  if (origin.empty()) return std::nullopt;
  return Url(part(parser, CURLUPART_URL), std::move(origin));
}

}  // namespace bhashatts::net
