// What replies mean, for each shape of error body and each status that one has seen.
#include "synth/error_reply.h"

#include <gtest/gtest.h>

#include "synth/reply_words.h"

namespace bhashatts::synth {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kToken = "hf_abcdefghijklmnopqrstuvwx";

net::HttpReply reply(int status, std::string body, std::vector<net::Header> headers = {}) {
  net::HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.headers = std::move(headers);
  return reply;
}

Error error(int status, std::string body, Service service = Service::router) {
  return error_of(reply(status, std::move(body)), service, kToken);
}

TEST(ReplyWords, AreFoundInEveryShape) {
  for (const std::string body :
       {R"({"error":"too long"})", R"({"error":["too long"]})",
        R"({"error":{"message":"too long"}})", R"({"errors":[{"message":"too long"}]})",
        R"({"message":"too long"})", R"({"detail":"too long"})",
        R"({"detail":[{"loc":["body"],"msg":"too long","type":"x"}]})",
        R"({"detail":{"error":"too long","type":"x"}})", R"({"error_description":"too long"})",
        R"({"title":"too long","status":400})", R"(["too long"])", R"("too long")", "too long",
        "<!doctype html><html><p>too long</p>"}) {
    EXPECT_TRUE(words_of(reply(400, body)).say("too long")) << body;
  }
}

TEST(ReplyWords, ComeFromHeadersAndWarningsToo) {
  const auto words =
      words_of(reply(400, R"({"error":"a","warnings":["b"]})", {{"x-error-message", "c"}}));
  EXPECT_EQ(words.text, "a; b; c");
}

TEST(ReplyWords, ReadEveryEstimate) {
  const auto estimate = [](const std::string& value) {
    return words_of(reply(503, R"({"estimated_time":)" + value + "}")).estimated_time;
  };
  EXPECT_EQ(estimate("20.0"), milliseconds{20'000});
  EXPECT_EQ(estimate("\"20.5\""), milliseconds{20'500});
  EXPECT_EQ(estimate("1809.2"), milliseconds{60'000});
  EXPECT_EQ(estimate("1e300"), milliseconds{60'000});
  EXPECT_EQ(estimate("0"), milliseconds{0});
  for (const std::string nonsense : {"null", "[20]", "\"soon\"", "-5", "\"-5\"", "{}", "true"}) {
    EXPECT_EQ(estimate(nonsense), std::nullopt) << nonsense;
  }
}

TEST(ReplyWords, StayShortWhateverCame) {
  EXPECT_LE(words_of(reply(500, std::string(5'000'000, 'x'))).text.size(), 2'000U);
  EXPECT_LE(words_of(reply(500, std::string(1'000'000, '['))).text.size(), 2'000U);
  EXPECT_LE(words_of(reply(500, "<html>" + std::string(1'000'000, 'y'))).text.size(), 2'000U);
}

TEST(ReplyWords, TellWhenToComeBack) {
  EXPECT_EQ(time_to_come_back("quota. Try again in 2:05:11"), milliseconds{7'511'000});
  EXPECT_EQ(time_to_come_back("try again in 0:00:09."), milliseconds{9'000});
  EXPECT_EQ(time_to_come_back("Try again in 1 day, 2:00:00"), milliseconds{93'600'000});
  EXPECT_EQ(time_to_come_back("Try again in 3 days, 0:00:01"), milliseconds{259'201'000});
  for (const std::string_view odd : {"", "Try again in", "Try again in a while", "Try again in 5",
                                     "Try again in 99999999999999:00:00", "Try again in -1:0:0"}) {
    EXPECT_EQ(time_to_come_back(odd), std::nullopt) << odd;
  }
}

TEST(ErrorReply, TellsTheFourMeaningsOf400Apart) {
  EXPECT_EQ(error(400, R"({"error":"Model not supported by provider hf-inference"})").code(),
            ErrorCode::model_not_served);
  EXPECT_EQ(error(400, "Bad Request: Invalid state", Service::endpoint).code(),
            ErrorCode::endpoint_paused);
  const Error fault = error(400, R"({"error":"CUDA out of memory. Tried"})", Service::endpoint);
  EXPECT_EQ(fault.code(), ErrorCode::upstream_failed);
  EXPECT_TRUE(fault.retryable());
  EXPECT_EQ(error(400, R"({"error":"Body needs to provide a inputs key"})").code(),
            ErrorCode::upstream_rejected);
}

TEST(ErrorReply, TellsTheThreeMeaningsOf503Apart) {
  EXPECT_EQ(error(503, "Service Temporarily Unavailable").code(), ErrorCode::upstream_failed);
  const Error started = error(503, "Service Temporarily Unavailable", Service::endpoint);
  EXPECT_EQ(started.code(), ErrorCode::model_loading);
  EXPECT_EQ(started.retry_after(), milliseconds{30'000});
  EXPECT_EQ(error(503, R"({"detail":"Queue is full. Max size is 1"})", Service::gradio).code(),
            ErrorCode::rate_limited);
  EXPECT_EQ(error(503, R"({"error":{"message":"Loading model"}})", Service::openai).code(),
            ErrorCode::model_loading);
}

TEST(ErrorReply, NamesTheWaysThatAreLeft) {
  const std::string message = error(404, "Not Found").what();
  EXPECT_NE(message.find("BHASHATTS_ENDPOINT_URL"), std::string::npos);
  EXPECT_NE(message.find("BHASHATTS_SYNTHESIZER=gradio"), std::string::npos);
  EXPECT_NE(std::string(error(403, "").what()).find("Make calls to Inference Providers"),
            std::string::npos);
  EXPECT_NE(std::string(error(401, "", Service::openai).what()).find("BHASHATTS_ENDPOINT_TOKEN"),
            std::string::npos);
}

TEST(ErrorReply, KeepsIdsInTheDetailAndSecretsOut) {
  net::HttpReply failed =
      reply(500, R"({"error":"no hf_abcdefghijklmnopqrstuvwx at https://u:p@h/secret?x=y"})",
            {{"x-request-id", "Root=1-2;abc"}});
  failed.trace_id = "trace-7";
  const Error told = error_of(failed, Service::router, kToken);
  EXPECT_NE(told.detail().find("HTTP 500"), std::string::npos);
  EXPECT_NE(told.detail().find("Root=1-2;abc"), std::string::npos);
  EXPECT_NE(told.detail().find("trace-7"), std::string::npos);
  EXPECT_EQ(told.detail().find("abcdefgh"), std::string::npos) << told.detail();
  EXPECT_EQ(told.detail().find("secret"), std::string::npos) << told.detail();
}

TEST(ErrorReply, ReadsTheFrontOfASpace) {
  const auto page = [](const std::string& words) {
    return "<html><body><h1>This Space " + words + "</h1></body></html>";
  };
  EXPECT_EQ(error(503, page("is paused."), Service::gradio).code(), ErrorCode::endpoint_paused);
  EXPECT_EQ(error(200, page("is sleeping"), Service::gradio).code(), ErrorCode::model_loading);
  EXPECT_EQ(error(404, page("is not here"), Service::gradio).code(), ErrorCode::model_not_served);
}

TEST(ErrorEvent, HasTheTimeToComeBack) {
  const Error quota = error_of_event(
      R"("You have exceeded your GPU quota (60s requested vs. 12s left). Try again in 2:05:11")",
      kToken);
  EXPECT_EQ(quota.code(), ErrorCode::rate_limited);
  EXPECT_EQ(quota.retry_after(), milliseconds{7'511'000});
  EXPECT_NE(std::string(quota.what()).find("2 h 6 min"), std::string::npos) << quota.what();
  EXPECT_TRUE(quota.retryable());
}

TEST(ErrorEvent, TellsBusyFromBroken) {
  const auto code = [](std::string_view data) { return error_of_event(data, kToken).code(); };
  EXPECT_EQ(code(R"("No GPU is currently available for you after 60s")"), ErrorCode::rate_limited);
  EXPECT_EQ(code(R"({"error":"Queue is full."})"), ErrorCode::rate_limited);
  for (const std::string_view broken :
       {"null", "", R"({"error":null})", R"("Server stopped unexpectedly.")", "{{{"}) {
    EXPECT_EQ(code(broken), ErrorCode::upstream_failed) << broken;
  }
}

}  // namespace
}  // namespace bhashatts::synth
