#include <gmock/gmock.h>

#include "tests/net/http_fixture.h"

namespace bhashatts::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(Http, TakesAnAnswerThatIsNotWholeForABrokenConnection) {
  server_.push(ScriptedReply::truncated("the whole audio", 5));
  server_.push(ScriptedReply::reset_mid_body("the whole audio", 5));
  for (int i = 0; i < 2; ++i) {
    const TransportError error = failure(post(server_.url(), "x"));
    EXPECT_EQ(error.code(), ErrorCode::unreachable);
    EXPECT_TRUE(error.retryable());
    EXPECT_TRUE(error.sent());
    EXPECT_THAT(error.detail(), HasSubstr("in the answer, status 200, after 5 bytes"));
  }
}

TEST_F(Http, TakesABrokenChunkForABrokenConnection) {
  server_.push(ScriptedReply::garbage(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"));
  EXPECT_EQ(failure(get(server_.url())).code(), ErrorCode::unreachable);
}

TEST_F(Http, TakesAConnectionThatEndsUnansweredForUnreachable) {
  server_.push(ScriptedReply::reset_at_once());
  server_.push(ScriptedReply::closed_at_once());
  for (int i = 0; i < 2; ++i) {
    const TransportError error = failure(post(server_.url(), "x"));
    EXPECT_EQ(error.code(), ErrorCode::unreachable);
    EXPECT_TRUE(error.retryable());
    EXPECT_TRUE(error.sent());
  }
  EXPECT_EQ(server_.calls(), 2U);
}

// curl by itself would send it again on a new connection, unseen by the ledger.
TEST_F(Http, NeverSendsAPaidCallTwice) {
  server_.push(ScriptedReply::text(200, "first"));
  server_.push(ScriptedReply::reset_at_once());
  server_.push(ScriptedReply::text(200, "third"));
  EXPECT_EQ(client_->send(post(server_.url(), "1")).body, "first");
  const TransportError error = failure(post(server_.url(), "2"));
  EXPECT_EQ(error.code(), ErrorCode::unreachable);
  EXPECT_TRUE(error.sent());
  EXPECT_EQ(server_.calls(), 2U);
  EXPECT_EQ(client_->send(post(server_.url(), "3")).body, "third");
}

TEST_F(Http, RepeatsAGetWhoseKeptConnectionBroke) {
  server_.push(ScriptedReply::text(200, "first"));
  server_.push(ScriptedReply::closed_at_once());
  server_.push(ScriptedReply::text(200, "again"));
  EXPECT_EQ(client_->send(get(server_.url())).body, "first");
  EXPECT_EQ(client_->send(get(server_.url())).body, "again");
  EXPECT_EQ(server_.calls(), 3U);
}

TEST_F(Http, DoesNotUseAConnectionThatTheServerHasEnded) {
  ScriptedReply reply = ScriptedReply::text(200, "x");
  reply.end = ScriptedReply::End::close;  // without a word of it in the head
  server_.push(reply, 2);
  EXPECT_EQ(client_->send(post(server_.url(), "1")).body, "x");
  server_.await_ended(1);
  EXPECT_EQ(client_->send(post(server_.url(), "2")).body, "x");
  EXPECT_EQ(server_.connections(), 2U);
}

TEST_F(Http, TellsWhatIsNoHttp) {
  server_.push(ScriptedReply::garbage("SSH-2.0-OpenSSH_9.2\r\n"));
  server_.push(ScriptedReply::garbage("HTTP/1.1 two hundred\r\n\r\n"));
  for (int i = 0; i < 2; ++i) {
    const TransportError error = failure(post(server_.url(), "x"));
    EXPECT_EQ(error.code(), ErrorCode::upstream_failed);
    EXPECT_FALSE(error.retryable());
    EXPECT_TRUE(error.sent());
  }
}

TEST_F(Http, TakesNoMoreThanItMay) {
  server_.push(ScriptedReply::oversized(100'001));
  server_.push(ScriptedReply::oversized(100'001, ScriptedReply::Framing::chunked));
  server_.push(ScriptedReply::oversized(100'001, ScriptedReply::Framing::until_close));
  for (int i = 0; i < 3; ++i) {
    HttpRequest request = get(server_.url());
    request.max_response_bytes = 100'000;
    const TransportError error = failure(request);
    EXPECT_EQ(error.code(), ErrorCode::upstream_failed);
    EXPECT_TRUE(error.sent());
  }
}

TEST_F(Http, TakesAsMuchAsItMay) {
  server_.push(ScriptedReply::oversized(100'000), 2);
  HttpRequest request = get(server_.url());
  request.max_response_bytes = 100'000;
  EXPECT_EQ(client_->send(request).body.size(), 100'000U);
  request.max_response_bytes = 99'999;
  request.on_data = [](std::string_view) { return true; };  // no way around it
  EXPECT_EQ(failure(request).code(), ErrorCode::upstream_failed);
}

TEST_F(Http, DoesNotReserveWhatIsOnlyClaimed) {
  server_.push(ScriptedReply::garbage("HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\nfew"));
  EXPECT_EQ(failure(get(server_.url())).code(), ErrorCode::unreachable);
}

TEST_F(Http, BearsNoHeadWithoutEnd) {
  ScriptedReply many = ScriptedReply::text(200, "");
  for (int i = 0; i < 1'000; ++i) many.headers.emplace_back("X-" + std::to_string(i), "1");
  server_.push(many);
  ScriptedReply large = ScriptedReply::text(200, "");
  for (int i = 0; i < 20; ++i) large.headers.emplace_back("X-L", std::string(9'000, 'l'));
  server_.push(large);
  std::string interim;
  for (int i = 0; i < 1'000; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  server_.push(ScriptedReply::garbage(interim));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(failure(get(server_.url())).code(), ErrorCode::upstream_failed);
  }
}

TEST_F(Http, TellsANameThatDoesNotExist) {
  HttpRequest request = post("http://no-such-host.invalid/secret?key=hf_abcdef", "x");
  request.token = "hf_secret";
  const TransportError error = failure(request);
  EXPECT_EQ(error.code(), ErrorCode::unreachable);
  EXPECT_TRUE(error.retryable());
  EXPECT_FALSE(error.sent());
  EXPECT_THAT(std::string(error.what()) + error.detail(), Not(HasSubstr("secret")));
  EXPECT_THAT(error.detail(), HasSubstr("trace id "));
}

TEST_F(Http, ANameThatDoesNotResolveFailsTheNextCallAlike) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(failure(post("http://no-such-host.invalid/", "x")).code(), ErrorCode::unreachable);
  }
}

TEST_F(Http, TellsAPortWhereNobodyListens) {
  std::string url;
  {
    const LoopbackServer gone;
    url = gone.url();
  }
  const TransportError error = failure(post(url, "x"));
  EXPECT_EQ(error.code(), ErrorCode::unreachable);
  EXPECT_TRUE(error.retryable());
  EXPECT_FALSE(error.sent());
}

TEST_F(Http, GoesOnAfterEveryFault) {
  server_.push(ScriptedReply::garbage("nonsense\r\n\r\n"));
  server_.push(ScriptedReply::reset_mid_body("abc", 1));
  server_.push(ScriptedReply::text(200, "well"), 2);
  failure(post(server_.url(), "x"));
  failure(post(server_.url(), "x"));
  EXPECT_EQ(client_->send(post(server_.url(), "x")).body, "well");
  EXPECT_EQ(client_->send(post(server_.url(), "x")).body, "well");
  EXPECT_EQ(server_.connections(), 3U);
}

}  // namespace
}  // namespace bhashatts::net
