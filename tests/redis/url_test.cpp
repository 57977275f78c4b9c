#include "redis/url.h"

#include <gtest/gtest.h>

#include "tests/support/raised.h"

namespace bhashatts::redis {
namespace {

using bhashatts::testing::raised;

TEST(RedisUrl, ReadsAHostAPortAndADatabase) {
  const Address address = parse_address("redis://cache.example.org:7000/3");
  EXPECT_EQ(address.host, "cache.example.org");
  EXPECT_EQ(address.port, 7000);
  EXPECT_EQ(address.database, 3);
  EXPECT_FALSE(address.tls);
  EXPECT_EQ(address.password, "");
}

TEST(RedisUrl, FillsInWhatIsLeftOut) {
  for (const char* url : {"redis://", "redis://localhost", "redis://localhost/", "redis:///"}) {
    const Address address = parse_address(url);
    EXPECT_EQ(address.host, "localhost") << url;
    EXPECT_EQ(address.port, 6379) << url;
    EXPECT_EQ(address.database, 0) << url;
  }
}

TEST(RedisUrl, DecodesUserAndPassword) {
  const Address address = parse_address("rediss://an%40a:p%2Fw%3a+%25@h:1?db=2");
  EXPECT_TRUE(address.tls);
  EXPECT_EQ(address.user, "an@a");
  EXPECT_EQ(address.password, "p/w:+%");
  EXPECT_EQ(address.host, "h");
  EXPECT_EQ(address.database, 2);
}

TEST(RedisUrl, TakesAPasswordAlone) {
  const Address address = parse_address("redis://:s:e@c@h/0");
  EXPECT_EQ(address.user, "");
  EXPECT_EQ(address.password, "s:e@c");
  EXPECT_EQ(address.host, "h");
}

TEST(RedisUrl, ReadsAddressesOfSixteenBytes) {
  const Address address = parse_address("redis://[::1]:6380");
  EXPECT_EQ(address.host, "::1");
  EXPECT_EQ(address.port, 6380);
}

TEST(RedisUrl, ReadsASocketsPath) {
  const Address address = parse_address("unix://:pw@/run/my%20redis@1.sock?db=4");
  EXPECT_EQ(address.path, "/run/my redis@1.sock");
  EXPECT_EQ(address.host, "");
  EXPECT_EQ(address.password, "pw");
  EXPECT_EQ(address.database, 4);
}

TEST(RedisUrl, RefusesWhatCannotBeWithoutSayingWhatItWas) {
  for (const char* rest : {"",
                           "secret",
                           "http://secret@h",
                           "redis://secret@h",
                           "redis://:@h",
                           "redis://u:@h",
                           "redis://:secret@h:0",
                           "redis://:secret@h:65536",
                           "redis://:secret@h:x",
                           "redis://:sec#ret@h",
                           "redis://:sec/ret@h",
                           "redis://:sec?ret@h",
                           "redis://:secret@h/x",
                           "redis://:secret@h/-1",
                           "redis://:secret@h/99999999999",
                           "redis://:secret@[::1",
                           "redis://:secret@[::1]x",
                           "redis://:secret@[h]",
                           "redis://:secret@a b",
                           "redis://:secret%4@h",
                           "redis://:secret%zz@h",
                           "redis://:secret@h?ssl_cert_reqs=none",
                           "redis://:secret@h:1:2",
                           "unix://secret",
                           "unix://secret/x",
                           "unix:///",
                           "unix:///a%00b",
                           "unix://:secret@",
                           "redis://:secret@h\n",
                           "redis://:secret@h\xc3\xa9"}) {
    const std::string message =
        raised(ErrorCode::config_invalid, [&] { static_cast<void>(parse_address(rest)); });
    EXPECT_EQ(message.find("sec"), std::string::npos) << message;
    EXPECT_NE(message.find("REDIS_URL"), std::string::npos) << message;
  }
}

TEST(RedisUrl, RefusesAPathThatNoSocketCanHave) {
  raised(ErrorCode::config_invalid,
         [] { static_cast<void>(parse_address("unix:///" + std::string(107, 'x'))); });
  EXPECT_EQ(parse_address("unix:///" + std::string(106, 'x')).path.size(), 107U);
}

}  // namespace
}  // namespace bhashatts::redis
