#include <gmock/gmock.h>

#include <fstream>

#include "tests/net/http_fixture.h"
#include "tests/support/deaf_listener.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::net {
namespace {

using namespace std::chrono_literals;
using testing::DeafListener;
using ::testing::HasSubstr;
using testing::LoopbackTls;

class HttpTls : public Http {
 protected:
  // A server whose certificate, made out to `name`, stands in a file.
  std::unique_ptr<LoopbackServer> serve_as(const std::string& name) {
    return std::make_unique<LoopbackServer>(
        std::make_shared<const LoopbackTls>(name, certificate_),
        [](const ReceivedRequest& request) { return ScriptedReply::text(200, request.body); });
  }
  std::shared_ptr<Transport> trusting() const {
    return make_http_client({.ca_file = certificate_.string()});
  }
  void expect_untrusted(const TransportError& error) {
    EXPECT_EQ(error.code(), ErrorCode::unreachable);
    EXPECT_FALSE(error.retryable());
    EXPECT_FALSE(error.sent());
    EXPECT_THAT(error.what(), HasSubstr("BHASHATTS_CA_FILE"));
  }

  testing::TempDir directory_;
  const std::filesystem::path certificate_ = directory_ / "certificate.pem";
};

TEST_F(HttpTls, ReachesAServerWhoseAuthorityItWasGiven) {
  const auto server = serve_as("localhost");
  const auto client = trusting();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(client->send(post(server->url(), "secret")).body, "secret");
  }
  EXPECT_EQ(server->connections(), 1U);
}

TEST_F(HttpTls, RefusesAServerThatNobodyVouchesFor) {
  const auto server = serve_as("localhost");
  expect_untrusted(failure(post(server->url(), "secret")));
  EXPECT_EQ(server->calls(), 0U);
}

TEST_F(HttpTls, RefusesAServerOfAnotherName) {
  const auto server = serve_as("elsewhere.invalid");
  expect_untrusted(failure(*trusting(), post(server->url(), "secret")));
  EXPECT_EQ(server->calls(), 0U);
}

TEST_F(HttpTls, TrustsNobodyButTheGivenAuthority) {
  const auto server = serve_as("localhost");
  const auto other = directory_ / "other.pem";
  const LoopbackTls unrelated("localhost", other);
  const auto client = make_http_client({.ca_file = other.string()});
  expect_untrusted(failure(*client, post(server->url(), "secret")));
}

TEST_F(HttpTls, TellsAnAuthorityThatCannotBeRead) {
  const auto server = serve_as("localhost");
  std::ofstream(directory_ / "empty.pem") << "no certificate\n";
  for (const char* name : {"empty.pem", "missing.pem"}) {
    const auto client = make_http_client({.ca_file = (directory_ / name).string()});
    const TransportError error = failure(*client, post(server->url(), "secret"));
    EXPECT_EQ(error.code(), ErrorCode::config_invalid) << error.what() << error.detail();
    EXPECT_THAT(error.what(), HasSubstr("BHASHATTS_CA_FILE"));
  }
}

TEST_F(HttpTls, TellsAServerThatSpeaksNoTls) {
  const TransportError error =
      failure(post("https://127.0.0.1:" + std::to_string(server_.port()) + "/", "secret"));
  EXPECT_EQ(error.code(), ErrorCode::unreachable) << error.detail();
  EXPECT_FALSE(error.retryable());
  EXPECT_FALSE(error.sent());
  EXPECT_THAT(error.what(), HasSubstr("https"));
}

TEST_F(HttpTls, TakesAnAnswerCutInTlsForABrokenConnection) {
  const auto server = serve_as("localhost");
  server->push(ScriptedReply::truncated("the whole audio", 5));
  server->push(ScriptedReply::reset_mid_body("the whole audio", 5));
  const auto client = trusting();
  for (int i = 0; i < 2; ++i) {
    const TransportError error = failure(*client, post(server->url(), "x"));
    EXPECT_EQ(error.code(), ErrorCode::unreachable);
    EXPECT_TRUE(error.retryable());
    EXPECT_TRUE(error.sent());
  }
}

TEST_F(HttpTls, EndsAHandshakeThatNeverEnds) {
  const DeafListener silent(DeafListener::Queue::open);
  HttpRequest request = post("https://" + silent.host() + "/", "x");
  request.deadline = in(100ms);
  const TransportError error = failure(request);
  EXPECT_EQ(error.code(), ErrorCode::upstream_timeout);
  EXPECT_FALSE(error.sent());
}

}  // namespace
}  // namespace bhashatts::net
