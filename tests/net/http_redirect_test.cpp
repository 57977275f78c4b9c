#include <gmock/gmock.h>

#include "tests/net/http_fixture.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::net {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

HttpRequest following(std::string url) {
  HttpRequest request = get(std::move(url));
  request.redirects = Redirects::follow;
  request.token = "hf_secret";
  request.headers = {{"Accept", "audio/*"}, {"X-HF-Bill-To", "org"}, {"Cookie", "session=1"}};
  return request;
}

TEST_F(Http, FollowsWithTheTokenWithinAnOrigin) {
  for (const int status : {301, 302, 303, 307, 308}) {
    server_.push(ScriptedReply::redirect("../file?id=7#part", status));
    server_.push(ScriptedReply::text(200, "audio"));
    EXPECT_EQ(client_->send(following(server_.url("/a/b"))).body, "audio");
    EXPECT_EQ(server_.last().target, "/file?id=7");
    EXPECT_EQ(server_.last().header("authorization"), "Bearer hf_secret");
    EXPECT_EQ(server_.last().header("x-hf-bill-to"), "org");
  }
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(Http, LeavesTheTokenBehindAtAnotherPort) {
  LoopbackServer other;
  other.push(ScriptedReply::text(200, "audio"));
  server_.push(ScriptedReply::redirect(other.url("/file")));
  EXPECT_EQ(client_->send(following(server_.url())).body, "audio");
  EXPECT_THAT(other.last().header("authorization"), IsEmpty());
  EXPECT_THAT(other.last().header("x-hf-bill-to"), IsEmpty());
  EXPECT_THAT(other.last().header("cookie"), IsEmpty());
  EXPECT_EQ(other.last().header("accept"), "audio/*");
  EXPECT_EQ(other.last().header("x-amzn-trace-id"), server_.last().header("x-amzn-trace-id"));
}

TEST_F(Http, TakesTheTokenUpAgainOnTheWayBack) {
  LoopbackServer other;
  other.push(ScriptedReply::redirect(server_.url("/end")));
  server_.push(ScriptedReply::redirect(other.url("/file")));
  server_.push(ScriptedReply::text(200, "audio"));
  EXPECT_EQ(client_->send(following(server_.url())).body, "audio");
  EXPECT_THAT(other.last().header("authorization"), IsEmpty());
  EXPECT_EQ(server_.last().header("authorization"), "Bearer hf_secret");
}

TEST_F(Http, TakesALocationWithoutASchemeForAnotherHost) {
  LoopbackServer other;
  other.push(ScriptedReply::text(200, "audio"));
  server_.push(ScriptedReply::redirect("//127.0.0.1:" + std::to_string(other.port()) + "/x"));
  EXPECT_EQ(client_->send(following(server_.url())).body, "audio");
  EXPECT_THAT(other.last().header("authorization"), IsEmpty());
}

TEST_F(Http, NeverRedirectsAPost) {
  for (const int status : {301, 302, 303, 307, 308}) {
    server_.push(ScriptedReply::redirect("/elsewhere", status));
    HttpRequest request = following(server_.url());
    request.method = "POST";
    request.body = "paid";
    const HttpReply reply = client_->send(request);
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.header("location"), "/elsewhere");
  }
  EXPECT_EQ(server_.calls(), 5U);
}

TEST_F(Http, FollowsOnlyWhenItIsToldTo) {
  server_.push(ScriptedReply::redirect("/elsewhere"));
  EXPECT_EQ(client_->send(get(server_.url())).status, 302);
  EXPECT_EQ(server_.calls(), 1U);
}

TEST_F(Http, FollowsFiveTimesAndNotASixth) {
  server_.push(ScriptedReply::redirect("/on"), 5);
  server_.push(ScriptedReply::text(200, "there"));
  EXPECT_EQ(client_->send(following(server_.url())).body, "there");
  server_.set_handler([](const ReceivedRequest&) { return ScriptedReply::redirect("/on"); });
  const TransportError error = failure(following(server_.url()));
  EXPECT_EQ(error.code(), ErrorCode::upstream_failed);
  EXPECT_THAT(error.what(), HasSubstr("redirects"));
  EXPECT_EQ(server_.calls(), 12U);
}

TEST_F(Http, CountsTheDeadlineOverAllRedirects) {
  server_.set_handler([](const ReceivedRequest&) {
    ScriptedReply reply = ScriptedReply::redirect("/on");
    reply.delay = 60ms;
    return reply;
  });
  HttpRequest request = following(server_.url());
  request.deadline = in(150ms);
  EXPECT_EQ(failure(request).code(), ErrorCode::upstream_timeout);
  EXPECT_LE(server_.calls(), 3U);
}

TEST_F(Http, GoesNowhereButToTheWeb) {
  for (const char* location : {"file:///etc/passwd", "ftp://127.0.0.1/x",
                               "gopher://127.0.0.1:6379/", "javascript:alert(1)", "http://"}) {
    server_.push(ScriptedReply::redirect(location));
    EXPECT_EQ(failure(following(server_.url())).code(), ErrorCode::upstream_failed) << location;
  }
}

TEST_F(Http, TakesARedirectToNowhereForAReply) {
  server_.push(ScriptedReply::text(302, "where?"));
  const HttpReply reply = client_->send(following(server_.url()));
  EXPECT_EQ(reply.status, 302);
  EXPECT_EQ(reply.body, "where?");
}

TEST_F(Http, DoesNotGoFromHttpsToHttp) {
  const testing::TempDir directory;
  const auto file = directory / "ca.pem";
  LoopbackServer secure(std::make_shared<const testing::LoopbackTls>("localhost", file));
  secure.push(ScriptedReply::redirect(server_.url()));
  const auto client = make_http_client({.ca_file = file.string()});
  EXPECT_EQ(failure(*client, following(secure.url())).code(), ErrorCode::upstream_failed);
  EXPECT_EQ(server_.connections(), 0U);
  secure.push(ScriptedReply::redirect("/stays"));
  secure.push(ScriptedReply::text(200, "there"));
  EXPECT_EQ(client->send(following(secure.url())).body, "there");
}

TEST_F(Http, GoesFromHttpToHttpsWithoutTheToken) {
  const testing::TempDir directory;
  const auto file = directory / "ca.pem";
  LoopbackServer secure(std::make_shared<const testing::LoopbackTls>("localhost", file));
  secure.push(ScriptedReply::text(200, "there"));
  server_.push(ScriptedReply::redirect(secure.url()));
  const auto client = make_http_client({.ca_file = file.string()});
  EXPECT_EQ(client->send(following(server_.url())).body, "there");
  EXPECT_THAT(secure.last().header("authorization"), IsEmpty());
}

}  // namespace
}  // namespace bhashatts::net
