#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/net/http_fixture.h"

namespace bhashatts::net {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ScopedEnvironment;

TEST_F(Http, AsksTheProxyOfTheEnvironment) {
  const ScopedEnvironment proxied({"http_proxy=" + server_.origin()});
  server_.push(ScriptedReply::text(200, "by way of the proxy"));
  const HttpReply reply = client_->send(post("http://voice.invalid/models/x?y=1", "text"));
  EXPECT_EQ(reply.body, "by way of the proxy");
  EXPECT_EQ(server_.last().target, "http://voice.invalid/models/x?y=1");
  EXPECT_EQ(server_.last().header("host"), "voice.invalid");
  EXPECT_EQ(server_.last().body, "text");
}

TEST_F(Http, GoesRoundTheProxyWhereTheEnvironmentSaysSo) {
  LoopbackServer proxy;
  const ScopedEnvironment proxied({"http_proxy=" + proxy.origin(), "no_proxy=127.0.0.1"});
  server_.push(ScriptedReply::text(200, "directly"));
  EXPECT_EQ(client_->send(get(server_.url())).body, "directly");
  EXPECT_EQ(proxy.connections(), 0U);
}

TEST_F(Http, LooksAtTheEnvironmentAtEachCall) {
  server_.push(ScriptedReply::text(200, "x"), 2);
  EXPECT_EQ(client_->send(get(server_.url("/a"))).body, "x");
  std::optional<ScopedEnvironment> proxied;
  proxied.emplace(std::vector{"http_proxy=" + server_.origin()});
  client_->send(get("http://voice.invalid/b"));
  EXPECT_EQ(server_.last().target, "http://voice.invalid/b");
  proxied.reset();
  EXPECT_EQ(failure(get("http://voice.invalid/c")).code(), ErrorCode::unreachable);
}

TEST_F(Http, TellsAProxyNothingOfWhatIsInTheTunnel) {
  const ScopedEnvironment proxied({"https_proxy=" + server_.origin()});
  server_.push(ScriptedReply::text(403, "no"));
  HttpRequest request = post("https://voice.invalid/models/x", "text");
  request.token = "hf_secret";
  request.headers = {{"X-HF-Bill-To", "org"}};
  const TransportError error = failure(request);
  EXPECT_EQ(error.code(), ErrorCode::unreachable);
  EXPECT_FALSE(error.sent());
  EXPECT_THAT(error.what(), HasSubstr("proxy"));
  EXPECT_EQ(server_.last().method, "CONNECT");
  EXPECT_THAT(server_.last().header("authorization"), IsEmpty());
  EXPECT_THAT(server_.last().header("x-hf-bill-to"), IsEmpty());
}

TEST_F(Http, TellsAProxyThatDoesNotExist) {
  const ScopedEnvironment proxied({"http_proxy=http://no-such-proxy.invalid:3128"});
  const TransportError error = failure(get(server_.url()));
  EXPECT_EQ(error.code(), ErrorCode::unreachable);
  EXPECT_THAT(error.what(), HasSubstr("proxy"));
  EXPECT_FALSE(error.sent());
}

}  // namespace
}  // namespace bhashatts::net
