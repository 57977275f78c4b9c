#include <gmock/gmock.h>

#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/net/http_fixture.h"

namespace bhashatts::net {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr const char* kUuid4 =
    "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

TEST_F(Http, SendsWhatItWasAskedToSend) {
  server_.push(ScriptedReply::json(200, "{}"));
  HttpRequest request = post(server_.url("/models/x?y=1"), R"({"inputs":"नमस्ते"})");
  request.headers = {{"Content-Type", "application/json"}, {"X-Use-Cache", "false"}};
  request.token = "hf_secret";
  EXPECT_EQ(client_->send(request).body, "{}");
  const ReceivedRequest got = server_.last();
  EXPECT_EQ(got.method + " " + got.target, "POST /models/x?y=1");
  EXPECT_EQ(got.body, R"({"inputs":"नमस्ते"})");
  EXPECT_EQ(got.header("content-type"), "application/json");
  EXPECT_EQ(got.header("x-use-cache"), "false");
  EXPECT_EQ(got.header("authorization"), "Bearer hf_secret");
  EXPECT_THAT(got.header("user-agent"), StartsWith("bhashatts/"));
}

TEST_F(Http, AddsNothingThatNobodyAskedFor) {
  server_.push(ScriptedReply::text(200, ""), 2);
  client_->send(post(server_.url(), "x"));
  client_->send(get(server_.url()));
  for (const ReceivedRequest& request : server_.requests()) {
    EXPECT_THAT(request.header("authorization"), IsEmpty());
    EXPECT_THAT(request.header("accept-encoding"), IsEmpty());
    EXPECT_THAT(request.header("expect"), IsEmpty());
    EXPECT_THAT(request.header("content-type"), IsEmpty());
  }
}

TEST_F(Http, SendsOtherMethodsWithAndWithoutABody) {
  server_.push(ScriptedReply::text(200, "x"), 4);
  for (const auto& [method, body] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"PUT", "stored"}, {"DELETE", ""}, {"HEAD", ""}, {"POST", ""}}) {
    HttpRequest request = post(server_.url(), body);
    request.method = method;
    EXPECT_EQ(client_->send(request).body, method == "HEAD" ? "" : "x");
    EXPECT_EQ(server_.last().method, method);
    EXPECT_EQ(server_.last().body, body);
  }
  EXPECT_EQ(server_.last().header("content-length"), "0");
}

TEST_F(Http, TakesALongBodyWithoutAskingFirst) {
  server_.push(ScriptedReply::text(200, "ok"));
  const std::string body(3'000'000, 'b');
  EXPECT_EQ(client_->send(post(server_.url(), body)).body, "ok");
  EXPECT_EQ(server_.last().body, body);
  EXPECT_THAT(server_.last().header("expect"), IsEmpty());
}

TEST_F(Http, GivesEachExchangeAnIdOfItsOwn) {
  server_.push(ScriptedReply::text(200, ""), 3);
  std::set<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const HttpReply reply = client_->send(get(server_.url()));
    EXPECT_THAT(reply.trace_id, MatchesRegex(kUuid4));
    EXPECT_EQ(server_.last().header("x-amzn-trace-id"), reply.trace_id);
    ids.insert(reply.trace_id);
  }
  EXPECT_EQ(ids.size(), 3U);
}

TEST_F(Http, KeepsTheIdThatTheCallerChose) {
  server_.push(ScriptedReply::text(200, ""));
  HttpRequest request = get(server_.url());
  request.headers = {{"x-amzn-trace-id", "mine"}};
  EXPECT_EQ(client_->send(request).trace_id, "mine");
  EXPECT_EQ(server_.last().header("x-amzn-trace-id"), "mine");
}

TEST_F(Http, ReadsTheHeadOfTheLastAnswerOnly) {
  server_.push(
      ScriptedReply::garbage("HTTP/1.1 103 Early Hints\r\nLink: early\r\n\r\n"
                             "HTTP/1.1 200 OK\r\nX-Compute-Time:  1.5 \r\n"
                             "X-Folded: a\r\n  b\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "2\r\nhi\r\n0\r\nHTTP/1.1: trailer\r\nX-Late: 1\r\n\r\n"));
  const HttpReply reply = client_->send(get(server_.url()));
  EXPECT_EQ(reply.body, "hi");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("x-compute-time"), "1.5");
  EXPECT_EQ(reply.header("x-folded"), "a b");
  EXPECT_EQ(reply.header("link"), "");
  EXPECT_EQ(reply.header("x-late"), "");
}

TEST_F(Http, TakesAnErrorStatusForAReply) {
  server_.push(ScriptedReply::json(503, R"({"estimated_time":20})").with("Retry-After", "2"));
  const HttpReply reply = client_->send(post(server_.url(), "x"));
  EXPECT_EQ(reply.status, 503);
  EXPECT_FALSE(reply.ok());
  EXPECT_EQ(reply.header("retry-after"), "2");
  EXPECT_EQ(reply.body, R"({"estimated_time":20})");
}

TEST_F(Http, ReadsEveryFraming) {
  server_.push(ScriptedReply::chunked(std::string(2'500, 'c')));
  server_.push(ScriptedReply::oversized(300'000, ScriptedReply::Framing::until_close));
  server_.push(ScriptedReply::text(204, ""));
  EXPECT_EQ(client_->send(get(server_.url())).body, std::string(2'500, 'c'));
  EXPECT_EQ(client_->send(get(server_.url())).body.size(), 300'000U);
  EXPECT_EQ(client_->send(get(server_.url())).status, 204);
}

TEST_F(Http, MakesManyCallsOverOneConnection) {
  server_.set_handler([](const ReceivedRequest& request) {
    return ScriptedReply::text(request.body == "3" ? 404 : 200, request.body);
  });
  for (int i = 0; i < 50; ++i) {
    const std::string body = std::to_string(i);
    EXPECT_EQ(client_->send(post(server_.url(), body)).body, body);
  }
  EXPECT_EQ(server_.connections(), 1U);
  EXPECT_EQ(server_.calls(), 50U);
}

TEST_F(Http, ServesManyThreadsOverNoMoreConnectionsThanThreads) {
  server_.set_handler(
      [](const ReceivedRequest& request) { return ScriptedReply::text(200, request.body); });
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 40; ++i) {
        const std::string body = std::to_string(t) + "/" + std::to_string(i);
        EXPECT_EQ(client_->send(post(server_.url(), body)).body, body);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(server_.calls(), 320U);
  EXPECT_LE(server_.connections(), 8U);
}

TEST_F(Http, HandsTheBodyOverPieceByPiece) {
  server_.push(ScriptedReply::dripping("abc", 10ms));
  std::vector<std::string> pieces;
  HttpRequest request = get(server_.url());
  request.on_data = [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return true;
  };
  const HttpReply reply = client_->send(request);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(pieces, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(Http, EndsWhenNobodyWantsMoreOfTheBody) {
  ScriptedReply reply = ScriptedReply::text(200, "event: done\n\n");
  reply.framing = ScriptedReply::Framing::chunked;
  reply.stop_after = 5;
  reply.end = ScriptedReply::End::stay_silent;
  server_.push(reply);
  HttpRequest request = get(server_.url());
  std::string heard;
  request.on_data = [&](std::string_view piece) {
    heard += piece;
    return false;
  };
  EXPECT_EQ(client_->send(request).status, 200);
  EXPECT_EQ(heard, "event");
}

TEST_F(Http, KeepsTheBodyOfAnErrorFromWhoStreams) {
  server_.push(ScriptedReply::json(422, R"({"error":"no"})"));
  HttpRequest request = get(server_.url());
  request.on_data = [](std::string_view) {
    ADD_FAILURE() << "not a body of 2xx";
    return false;
  };
  EXPECT_EQ(client_->send(request).body, R"({"error":"no"})");
}

TEST_F(Http, PassesOnWhatTheStreamRaises) {
  server_.push(ScriptedReply::text(200, "x"), 2);
  HttpRequest request = get(server_.url());
  request.on_data = [](std::string_view) -> bool { throw std::length_error("mine"); };
  EXPECT_THROW(client_->send(request), std::length_error);
  EXPECT_EQ(client_->send(get(server_.url())).body, "x");
}

TEST_F(Http, SendsATokenTrimmedOrNotAtAll) {
  server_.push(ScriptedReply::text(200, ""));
  HttpRequest request = get(server_.url());
  request.token = " hf_secret\n";
  client_->send(request);
  EXPECT_EQ(server_.last().header("authorization"), "Bearer hf_secret");
  request.token = "hf_sec\r\nX-Evil: 1";
  const TransportError error = failure(request);
  EXPECT_EQ(error.code(), ErrorCode::config_invalid);
  EXPECT_EQ((error.what() + error.detail()).find("hf_sec"), std::string::npos);
  EXPECT_FALSE(error.sent());
  EXPECT_EQ(server_.calls(), 1U);
}

TEST_F(Http, RefusesHeadersThatWouldEndTheirLine) {
  for (const Header& header : std::vector<Header>{{"X-A", "1\r\nX-B: 2"},
                                                  {"X-A\nX-B", "1"},
                                                  {"X-A", std::string("1\0002", 3)},
                                                  {"", "1"},
                                                  {"X A", "1"}}) {
    HttpRequest request = get(server_.url());
    request.headers = {header};
    EXPECT_EQ(failure(request).code(), ErrorCode::config_invalid);
  }
  EXPECT_EQ(server_.connections(), 0U);
}

TEST_F(Http, RefusesWhatIsNoAddressOfTheWeb) {
  for (const char* url : {"", "ftp://127.0.0.1/x", "file:///etc/passwd", "127.0.0.1/x", "http://",
                          "http://127.0.0.1:99999/", "http://a b/"}) {
    const TransportError error = failure(get(url));
    EXPECT_EQ(error.code(), ErrorCode::config_invalid) << url;
    EXPECT_FALSE(error.sent());
    EXPECT_FALSE(error.retryable());
  }
}

}  // namespace
}  // namespace bhashatts::net
