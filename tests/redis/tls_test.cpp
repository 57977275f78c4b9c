#include <gtest/gtest.h>

#include "redis/redis.h"
#include "tests/redis/redis_help.h"
#include "tests/support/certificates.h"
#include "tests/support/raised.h"
#include "tests/support/redis_server.h"

namespace bhashatts::redis {
namespace {

using bhashatts::testing::CertificateAuthority;
using bhashatts::testing::raised;
using bhashatts::testing::RedisServer;
using bhashatts::testing::TempDir;

class RedisTls : public ::testing::Test {
 protected:
  RedisServer server_for(const CertificateAuthority::Issued& issued) const {
    return RedisServer({}, {"--tls-cert-file", issued.certificate, "--tls-key-file", issued.key,
                            "--tls-ca-cert-file", authority_.file()});
  }
  RedisOptions options(const std::string& url) const {
    RedisOptions options = testing::patient(url);
    options.ca_file = authority_.file();
    return options;
  }
  static void refused(const RedisOptions& options) {
    Redis redis(options);
    const std::string message = raised(ErrorCode::unreachable, [&] {
      redis.call({"SET", "k", "v"});
    });
    EXPECT_NE(message.find("certificate"), std::string::npos) << message;
  }

  TempDir directory_;
  CertificateAuthority authority_{directory_.path()};
};

TEST_F(RedisTls, MovesMegabytesBothWays) {
  const RedisServer server = server_for(authority_.issue("DNS:localhost"));
  const std::string value = testing::noise(3'000'000);
  Redis redis(options(server.tls_url()));
  EXPECT_EQ(redis.call({"SET", "k", value}).text, "OK");
  EXPECT_EQ(testing::bulk(redis, {"GET", "k"}), value);
  const std::vector<Command> commands(5, Command{"ECHO", value});
  for (const Reply& reply : redis.patiently(commands)) EXPECT_EQ(reply.bulk.size(), value.size());
}

TEST_F(RedisTls, GoesOnWithOneConnection) {
  const RedisServer server = server_for(authority_.issue("DNS:localhost"));
  Redis redis(options(server.tls_url()));
  redis.call({"PING"});
  const std::string before = testing::info(redis, "total_connections_received");
  for (int i = 0; i < 20; ++i) redis.call({"PING"});
  EXPECT_EQ(testing::info(redis, "total_connections_received"), before);
  testing::patient_redis(server.url())->call({"CLIENT", "KILL", "TYPE", "normal"});
  EXPECT_EQ(redis.call({"INCR", "n"}).integer, 1);
}

TEST_F(RedisTls, TakesACertificateMadeOutToANumber) {
  const RedisServer server = server_for(authority_.issue("IP:127.0.0.1"));
  Redis redis(options(server.tls_url("127.0.0.1")));
  EXPECT_TRUE(testing::works(redis));
  refused(options(server.tls_url("localhost")));
}

TEST_F(RedisTls, RefusesACertificateOfAnotherHost) {
  const RedisServer server = server_for(authority_.issue("DNS:elsewhere.example.org"));
  refused(options(server.tls_url()));
}

TEST_F(RedisTls, RefusesACertificateThatHasExpired) {
  const RedisServer server = server_for(authority_.issue("DNS:localhost", -60));
  refused(options(server.tls_url()));
}

TEST_F(RedisTls, RefusesAnAuthorityThatNobodyTrusts) {
  const RedisServer server = server_for(authority_.issue("DNS:localhost"));
  refused(testing::patient(server.tls_url()));
}

TEST_F(RedisTls, DoesNotSpeakToAServerWithoutTls) {
  const RedisServer server;
  RedisOptions plain = options("rediss" + server.url().substr(5));
  plain.connect_timeout = std::chrono::milliseconds(250);  // Redis waits for the end of a line
  Redis redis(plain);
  EXPECT_THROW(redis.call({"PING"}), Error);
}

TEST_F(RedisTls, SaysWhenTheAuthoritiesFileIsNone) {
  RedisOptions wrong = options("rediss://localhost");
  wrong.ca_file = directory_ / "absent.pem";
  raised(ErrorCode::config_invalid, [&] { Redis{wrong}; });
}

}  // namespace
}  // namespace bhashatts::redis
