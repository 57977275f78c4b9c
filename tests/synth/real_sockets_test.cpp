// The synthesizers over real sockets, when all goes well and when the caller gives up.
#include <gtest/gtest.h>

#include <thread>

#include "net/http_client.h"
#include "synth/gradio.h"
#include "synth/huggingface.h"
#include "synth/openai.h"
#include "tests/support/loopback_server.h"
#include "tests/synth/upstream_sounds.h"

namespace bhashatts::synth {
namespace {

using testing::error_from;
using testing::LoopbackServer;
using testing::ReceivedRequest;
using testing::ScriptedReply;
using testing::speak;
using testing::wav_chars;

constexpr const char* kToken = "hf_abcdefghijklmnopqrstuvwx";

UpstreamOptions upstream(std::string url) {
  UpstreamOptions options;
  options.url = std::move(url);
  options.token = kToken;
  options.model = "m";
  options.pricing = {.per_second = 0, .per_million_characters = 0, .per_call = 7};
  return options;
}

std::shared_ptr<Synthesizer> huggingface(const std::string& url) {
  HuggingFaceOptions options;
  options.upstream = upstream(url);
  return make_huggingface(options, net::make_http_client());
}

std::shared_ptr<Synthesizer> gradio(const std::string& url) {
  GradioOptions options;
  options.upstream = upstream(url);
  return make_gradio(options, net::make_http_client());
}

// As the recorded replies of Hugging Face: flac from a pipe, in chunks, without a length anywhere.
TEST(RealSockets, CarryFlacOfUnknownLength) {
  LoopbackServer server;
  server.push(ScriptedReply::chunked(testing::streamed_flac(21'504))
                  .with("Content-Type", "audio/flac")
                  .with("x-compute-time", "1.512")
                  .with("x-compute-type", "cache"));
  const SynthesisResult result = huggingface(server.url("/m"))->synthesize(speak());
  const audio::Pcm pcm = audio::decode(result.audio.span());
  EXPECT_EQ(pcm.samples.size(), 21'504U);
  EXPECT_EQ(pcm.sample_rate, 22'050U);
  EXPECT_EQ(result.compute_ms, 1'512);
}

TEST(RealSockets, CarryTheRequestAsItIsMeant) {
  LoopbackServer server;
  server.push(ScriptedReply::text(200, wav_chars()));
  huggingface(server.url("/m?x=y"))->synthesize(speak("क"));
  const ReceivedRequest got = server.last();
  EXPECT_EQ(got.method, "POST");
  EXPECT_EQ(got.target, "/m?x=y");
  EXPECT_EQ(got.header("content-type"), "application/json");
  EXPECT_EQ(got.header("accept"), "*/*");
  EXPECT_EQ(got.header("authorization"), std::string("Bearer ") + kToken);
  EXPECT_FALSE(got.header("x-amzn-trace-id").empty());
}

TEST(RealSockets, ShowTheTokenToNoStranger) {
  LoopbackServer stranger;
  stranger.push(ScriptedReply::text(200, wav_chars()));
  LoopbackServer server;
  server.push(ScriptedReply::json(200, R"({"audio":{"url":")" + stranger.url("/a.wav") + R"("}})"));
  EXPECT_EQ(huggingface(server.url())->synthesize(speak()).audio.chars(), wav_chars());
  EXPECT_EQ(stranger.last().header("authorization"), "");
}

TEST(RealSockets, FollowAFileToAStrangerWithoutTheToken) {
  LoopbackServer stranger;
  stranger.push(ScriptedReply::text(200, wav_chars()));
  LoopbackServer server;
  server.push(ScriptedReply::json(200, R"({"audio":{"url":"/a.wav"}})"));
  server.push(ScriptedReply::redirect(stranger.url("/b.wav")));
  EXPECT_EQ(huggingface(server.url())->synthesize(speak()).audio.chars(), wav_chars());
  EXPECT_NE(server.last().header("authorization"), "");
  EXPECT_EQ(stranger.last().header("authorization"), "");
}

// One handler for all that a Gradio app answers.
ScriptedReply as_gradio(const ReceivedRequest& request) {
  if (request.method == "POST") return ScriptedReply::json(200, R"({"event_id":"e1"})");
  if (request.target.find("/e1") != std::string::npos) {
    return ScriptedReply::chunked(
               "event: heartbeat\ndata: null\n\nevent: complete\r\ndata: "
               "[{\"path\":\"/tmp/a.wav\",\"url\":\"http://10.0.0.7/a.wav\"}]\r\n\r\n")
        .with("Content-Type", "text/event-stream");
  }
  return ScriptedReply::text(200, wav_chars());
}

TEST(RealSockets, CarryAGradioCall) {
  LoopbackServer server(as_gradio);
  const SynthesisResult result = gradio(server.url())->synthesize(speak());
  EXPECT_EQ(result.audio.chars(), wav_chars());
  EXPECT_EQ(result.cost_micro_usd, 7);
  EXPECT_EQ(server.calls(), 3U);
  EXPECT_EQ(server.last().target, "/gradio_api/file=/tmp/a.wav");
}

TEST(RealSockets, HoldOneDeadlineOverAllOfAGradioCall) {
  LoopbackServer server;
  server.push(ScriptedReply::json(200, R"({"event_id":"e1"})"));
  auto endless = ScriptedReply::dripping(std::string(10'000, ':'), std::chrono::milliseconds{5});
  server.push(endless);
  const auto app = gradio(server.url());
  const Error error = error_from([&] { app->synthesize(speak("क", 200)); });
  EXPECT_EQ(error.code(), ErrorCode::upstream_timeout);
  EXPECT_EQ(error.cost_micro_usd(), 7);
}

TEST(RealSockets, LetGoWhenTheEngineStops) {
  for (const bool by_gradio : {false, true}) {
    LoopbackServer server;
    server.push(ScriptedReply::never());
    const auto synthesizer = by_gradio ? gradio(server.url()) : huggingface(server.url());
    std::stop_source stop;
    std::jthread stopper([&] {
      server.await_calls(1);
      stop.request_stop();
    });
    SynthesisRequest request = speak("क", 60'000);
    request.stop = stop.get_token();
    const Error error = error_from([&] { synthesizer->synthesize(request); });
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
    EXPECT_EQ(error.cost_micro_usd(), 7);
  }
}

TEST(RealSockets, CarryOpenAi) {
  LoopbackServer server;
  server.push(ScriptedReply::text(200, wav_chars()));
  OpenAiOptions options;
  options.upstream = upstream(server.url("/v1"));
  const auto openai = make_openai(options, net::make_http_client());
  EXPECT_EQ(openai->synthesize(speak()).audio.chars(), wav_chars());
  EXPECT_EQ(server.last().target, "/v1/audio/speech");
  EXPECT_EQ(openai->status().state, SynthesizerState::ready);
  EXPECT_EQ(server.last().target, "/v1/models");
}

}  // namespace
}  // namespace bhashatts::synth
