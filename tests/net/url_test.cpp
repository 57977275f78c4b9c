#include "net/url.h"

#include <gtest/gtest.h>

namespace bhashatts::net {
namespace {

std::string origin_of(std::string_view text) {
  const auto url = Url::parse(text);
  return url ? url->origin() : "";
}

TEST(Url, HasAnOriginOfSchemeHostAndPort) {
  EXPECT_EQ(origin_of("https://Example.ORG/x?y"), "https://example.org:443");
  EXPECT_EQ(origin_of("HTTP://user:word@h:8080"), "http://h:8080");
  EXPECT_EQ(origin_of("http://[::1]:81/x"), "http://[::1]:81");
  EXPECT_TRUE(Url::parse("https://h/")->secure());
  EXPECT_FALSE(Url::parse("http://https.example/")->secure());
}

TEST(Url, IsNothingButOfTheWeb) {
  for (const std::string& text :
       {std::string(), std::string("h/x"), std::string("ftp://h/"), std::string("file:///x"),
        std::string("http://"), std::string("http://h\0.evil/", 15), std::string("http://h:0x50/"),
        std::string("http://a\nb/")}) {
    EXPECT_FALSE(Url::parse(text)) << text;
  }
}

TEST(Url, KeepsItsTextAsItIs) {
  EXPECT_EQ(Url::parse("https://h/a/../b%2F?x=%20")->text(), "https://h/a/../b%2F?x=%20");
}

TEST(Url, ResolvesReferences) {
  const auto base = Url::parse("https://h:1/a/b?q");
  EXPECT_EQ(base->resolve("c")->text(), "https://h:1/a/c");
  EXPECT_EQ(base->resolve("/c d")->text(), "https://h:1/c%20d");
  EXPECT_EQ(base->resolve("http://other/x")->origin(), "http://other:80");
  EXPECT_EQ(base->resolve("//other/x")->origin(), "https://other:443");
  EXPECT_FALSE(base->resolve("ftp://other/x"));
}

TEST(Url, GivesItsUserToNobodyElse) {
  const auto base = Url::parse("https://user:word@h/a");
  EXPECT_EQ(base->resolve("//other/x")->text(), "https://other/x");
  EXPECT_EQ(base->resolve("https://other/x")->text(), "https://other/x");
  EXPECT_EQ(base->resolve("/x")->text(), "https://user:word@h/x");
}

}  // namespace
}  // namespace bhashatts::net
