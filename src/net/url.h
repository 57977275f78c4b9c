// A URL taken apart by curl's own parser, so that what is checked is what will be called.
//
// Thread rule: a value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bhashatts::net {

class Url {
 public:
  // Nothing for what is no whole http or https URL with a host.
  static std::optional<Url> parse(std::string_view text);
  // What a Location header, or a link in an answer, means here. Nothing for other schemes.
  std::optional<Url> resolve(std::string_view reference) const;

  const std::string& text() const noexcept { return text_; }
  // "https://example.org:443": scheme, host in lower case, port. Whoever holds a token for one
  // origin must not show it to another.
  const std::string& origin() const noexcept { return origin_; }
  bool secure() const noexcept { return origin_.starts_with("https:"); }

 private:
  Url(std::string text, std::string origin) : text_(std::move(text)), origin_(std::move(origin)) {}

  std::string text_;
  std::string origin_;
};

}  // namespace bhashatts::net
