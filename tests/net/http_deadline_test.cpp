// None of these looks at a clock: where a deadline or a stop were not obeyed, an answer would come
// after all, or the test would be ended from outside.
#include <stop_token>
#include <thread>

#include "tests/net/http_fixture.h"
#include "tests/support/deaf_listener.h"

namespace bhashatts::net {
namespace {

using namespace std::chrono_literals;
using testing::DeafListener;

TEST_F(Http, WaitsForAnAnswerUntilTheDeadline) {
  server_.push(ScriptedReply::never());
  HttpRequest request = post(server_.url(), "x");
  request.deadline = in(100ms);
  const TransportError error = failure(request);
  EXPECT_EQ(error.code(), ErrorCode::upstream_timeout);
  EXPECT_TRUE(error.retryable());
  EXPECT_TRUE(error.sent());
  EXPECT_GE(error.elapsed(), 99ms);
}

TEST_F(Http, CountsTheDeadlineOverTheWholeAnswer) {
  server_.push(ScriptedReply::dripping(std::string(100'000, 'd'), 5ms));
  HttpRequest request = get(server_.url());
  request.deadline = in(150ms);
  const TransportError error = failure(request);
  EXPECT_EQ(error.code(), ErrorCode::upstream_timeout);
  EXPECT_TRUE(error.sent());
  EXPECT_NE(error.detail().find("in the answer, status 200"), std::string::npos);
}

TEST_F(Http, CountsTheDeadlineOverConnectingToo) {
  const DeafListener full(DeafListener::Queue::full);
  HttpRequest request = post("http://" + full.host() + "/", "x");
  request.deadline = in(150ms);
  const TransportError error = failure(request);
  EXPECT_EQ(error.code(), ErrorCode::upstream_timeout);
  EXPECT_FALSE(error.sent());
}

TEST_F(Http, TakesAConnectionThatNeverComesForUnreachable) {
  const DeafListener full(DeafListener::Queue::full);
  const auto client = make_http_client({.connect_timeout = 100ms});
  const TransportError error = failure(*client, post("http://" + full.host() + "/", "x"));
  EXPECT_EQ(error.code(), ErrorCode::unreachable);
  EXPECT_TRUE(error.retryable());
  EXPECT_FALSE(error.sent());
}

TEST_F(Http, OpensNothingAfterTheDeadline) {
  HttpRequest request = get(server_.url());
  request.deadline = in(-1ms);
  const TransportError error = failure(request);
  EXPECT_EQ(error.code(), ErrorCode::upstream_timeout);
  EXPECT_FALSE(error.sent());
  EXPECT_EQ(server_.connections(), 0U);
}

TEST_F(Http, IsBrokenOffFromAnotherThread) {
  server_.push(ScriptedReply::never());
  std::stop_source source;
  HttpRequest request = post(server_.url(), "x");
  request.deadline = in(10min);
  request.stop = source.get_token();
  std::thread other([&] {
    server_.await_calls(1);
    source.request_stop();
  });
  const TransportError error = failure(request);
  other.join();
  EXPECT_EQ(error.code(), ErrorCode::cancelled);
  EXPECT_FALSE(error.retryable());
  EXPECT_TRUE(error.sent());
}

TEST_F(Http, IsBrokenOffWhileItConnects) {
  const DeafListener full(DeafListener::Queue::full);
  std::stop_source source;
  HttpRequest request = get("http://" + full.host() + "/");
  request.stop = source.get_token();
  std::thread other([&] { source.request_stop(); });
  const TransportError error = failure(request);
  other.join();
  EXPECT_EQ(error.code(), ErrorCode::cancelled);
  EXPECT_FALSE(error.sent());
}

TEST_F(Http, OpensNothingWhenItIsStoppedAlready) {
  std::stop_source source;
  source.request_stop();
  HttpRequest request = get(server_.url());
  request.stop = source.get_token();
  EXPECT_EQ(failure(request).code(), ErrorCode::cancelled);
  EXPECT_EQ(server_.connections(), 0U);
}

TEST_F(Http, GoesOnAfterAStopThatCameTooLate) {
  server_.push(ScriptedReply::text(200, "x"), 2);
  std::stop_source source;
  HttpRequest request = get(server_.url());
  request.stop = source.get_token();
  EXPECT_EQ(client_->send(request).body, "x");
  source.request_stop();
  EXPECT_EQ(client_->send(get(server_.url())).body, "x");
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(Http, ForgetsAConnectionWhoseAnswerItDidNotAwait) {
  server_.push(ScriptedReply::never());
  server_.push(ScriptedReply::text(200, "second"));
  HttpRequest request = get(server_.url());
  request.deadline = in(50ms);
  EXPECT_EQ(failure(request).code(), ErrorCode::upstream_timeout);
  EXPECT_EQ(client_->send(get(server_.url())).body, "second");
  EXPECT_EQ(server_.connections(), 2U);
}

}  // namespace
}  // namespace bhashatts::net
