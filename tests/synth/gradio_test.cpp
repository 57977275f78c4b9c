// The three exchanges of a Gradio call, and every way in which its stream ends.
#include "synth/gradio.h"

#include <gtest/gtest.h>

#include "tests/support/fake_transport.h"
#include "tests/support/raised.h"
#include "tests/synth/upstream_sounds.h"

namespace bhashatts::synth {
namespace {

using std::chrono::milliseconds;
using testing::error_from;
using testing::FakeTransport;
using testing::raised;
using testing::speak;
using testing::wav_chars;

constexpr const char* kRoot = "https://space.example";
constexpr const char* kEvent = R"({"event_id":"e1"})";

std::string complete(const std::string& data) {
  return "event: heartbeat\ndata: null\n\nevent: complete\ndata: " + data + "\n\n";
}
const std::string kFile = R"([{"path":"/tmp/gradio/a b.mp3","url":null}])";

GradioOptions options(std::string url = kRoot) {
  GradioOptions options;
  options.upstream.url = std::move(url);
  options.upstream.model = "m";
  options.upstream.token = "hf_abcdefghijklmnopqrstuvwx";
  options.upstream.pricing = {.per_second = 120, .per_million_characters = 0, .per_call = 7};
  return options;
}

class Gradio : public ::testing::Test {
 protected:
  void script(const std::string& stream) const {
    network_->answer(200, kEvent);
    network_->answer(200, stream);
  }
  SynthesisResult synthesize(const GradioOptions& with = options()) const {
    return make_gradio(with, network_)->synthesize(speak("क"));
  }
  Error error_of_stream(const std::string& stream) const {
    script(stream);
    return error_from([&] { synthesize(); });
  }
  std::string fetched(const std::string& data) const {
    script(complete(data));
    network_->answer(200, wav_chars());
    EXPECT_EQ(synthesize().audio.chars(), wav_chars());
    return network_->sent.back().url;
  }

  std::shared_ptr<FakeTransport> network_ = std::make_shared<FakeTransport>();
};

TEST_F(Gradio, CallsListensAndFetches) {
  EXPECT_EQ(fetched(kFile), "https://space.example/gradio_api/file=/tmp/gradio/a%20b.mp3");
  ASSERT_EQ(network_->sent.size(), 3U);
  EXPECT_EQ(network_->sent[0].url, "https://space.example/gradio_api/call/generate_finetuned");
  EXPECT_EQ(network_->sent[0].body, R"({"data":["क","Divya speaks softly."]})");
  EXPECT_EQ(network_->sent[1].url, "https://space.example/gradio_api/call/generate_finetuned/e1");
  EXPECT_EQ(network_->sent[1].method, "GET");
  EXPECT_EQ(network_->sent[2].deadline, network_->sent[0].deadline);
}

TEST_F(Gradio, FindsTheFileInEveryShape) {
  const std::string here = "https://space.example/gradio_api/file=/tmp/a.wav";
  EXPECT_EQ(fetched(R"([{"path":"/tmp/a.wav"}])"), here);
  EXPECT_EQ(fetched(R"(["/tmp/a.wav"])"), here);
  EXPECT_EQ(fetched(R"([{"value":{"path":"/tmp/a.wav"}}, 5])"), here);
  EXPECT_EQ(fetched(R"([null, {"name":"/tmp/a.wav"}])"), here);
  EXPECT_EQ(fetched(R"([{"path":"x","url":"https://space.example/f/b.wav"}])"),
            "https://space.example/f/b.wav");
}

TEST_F(Gradio, PrefersThePathToAnAddressElsewhere) {
  EXPECT_EQ(fetched(R"([{"path":"/tmp/a.wav","url":"http://10.0.0.7:7860/gradio_api/file=x"}])"),
            "https://space.example/gradio_api/file=/tmp/a.wav");
  EXPECT_EQ(network_->sent.back().token, "hf_abcdefghijklmnopqrstuvwx");
  EXPECT_EQ(fetched(R"([{"url":"https://files.example/a.wav"}])"), "https://files.example/a.wav");
  EXPECT_EQ(network_->sent.back().token, "");
}

TEST_F(Gradio, EscapesAPathThatWouldLeadElsewhere) {
  EXPECT_EQ(fetched(R"(["/../x?y#z"])"), "https://space.example/gradio_api/file=/../x%3Fy%23z");
}

TEST_F(Gradio, FallsBackOnceToTheOlderAddressAndRemembers) {
  const auto gradio = make_gradio(options(), network_);
  for (int call = 0; call < 2; ++call) {
    if (call == 0) network_->answer(404, "Not Found");
    script(complete(kFile));
    network_->answer(200, wav_chars());
    gradio->synthesize(speak());
  }
  EXPECT_EQ(network_->sent[1].url, "https://space.example/call/generate_finetuned");
  EXPECT_EQ(network_->sent[3].url, "https://space.example/file=/tmp/gradio/a%20b.mp3");
  EXPECT_EQ(network_->sent[4].url, "https://space.example/call/generate_finetuned");
  EXPECT_EQ(network_->sent.size(), 7U);
}

TEST_F(Gradio, IsNotServedWhereNeitherAddressIs) {
  network_->answer(404, "Not Found");
  network_->answer(404, "Not Found");
  EXPECT_EQ(error_from([&] { synthesize(); }).code(), ErrorCode::model_not_served);
}

TEST_F(Gradio, FillsInTheArgumentsAndNothingElse) {
  GradioOptions with = options();
  with.arguments = R"([1, null, "{language}", {"a": "{text}"}, "x {text}", "{seed}"])";
  network_->answer(200, "{}");
  error_from([&] { synthesize(with); });
  const std::string& body = network_->sent.back().body;
  EXPECT_TRUE(body.starts_with(R"({"data":[1,null,"HINDI",{"a":"क"},"x {text}",)")) << body;
  EXPECT_EQ(body.find("{seed}"), std::string::npos);
}

TEST_F(Gradio, TellsQuotaFromFaults) {
  const Error quota = error_of_stream(
      "event: error\ndata: \"You have exceeded your GPU quota (60s requested vs. 12s left). Try "
      "again in 2:05:11\"\n\n");
  EXPECT_EQ(quota.code(), ErrorCode::rate_limited);
  EXPECT_EQ(quota.retry_after(), milliseconds{7'511'000});
  EXPECT_EQ(quota.cost_micro_usd(), 0);
  const Error fault = error_of_stream("event: error\ndata: null\n\n");
  EXPECT_EQ(fault.code(), ErrorCode::upstream_failed);
  EXPECT_TRUE(fault.retryable());
  EXPECT_EQ(fault.cost_micro_usd(), 7);
  EXPECT_NE(fault.detail().find("trace-1"), std::string::npos) << fault.detail();
}

TEST_F(Gradio, FailsWhenTheStreamEndsEarly) {
  for (const std::string stream : {"", "event: heartbeat\ndata: null\n\n",
                                   "event: complete\ndata: [\"/a\"]", "not a stream"}) {
    const Error error = error_of_stream(stream);
    EXPECT_EQ(error.code(), ErrorCode::upstream_failed) << stream;
    EXPECT_TRUE(error.retryable());
    EXPECT_EQ(error.cost_micro_usd(), 7);
  }
}

TEST_F(Gradio, StopsListeningToAnEndlessEvent) {
  const Error error = error_of_stream("data: " + std::string(2U << 20U, 'x'));
  EXPECT_EQ(error.code(), ErrorCode::upstream_failed);
}

TEST_F(Gradio, FailsWhenTheAnswerHoldsNoFile) {
  for (const std::string data : {"[]", "[null]", "[5]", "null", "{", "[{\"path\":\"\"}]"}) {
    EXPECT_EQ(error_of_stream(complete(data)).code(), ErrorCode::bad_audio) << data;
  }
}

TEST_F(Gradio, TakesTheLastPieceOfAGeneratorsAnswer) {
  script("event: generating\ndata: " + kFile + "\n\nevent: complete\ndata: null\n\n");
  network_->answer(200, wav_chars());
  EXPECT_EQ(synthesize().audio.chars(), wav_chars());
}

TEST_F(Gradio, TrustsNoEventId) {
  for (const std::string id : {R"("../../x")", R"("a/b?c")", "5", R"("")"}) {
    network_->answer(200, R"({"event_id":)" + id + "}");
    EXPECT_EQ(error_from([&] { synthesize(); }).code(), ErrorCode::upstream_failed) << id;
  }
  EXPECT_EQ(network_->sent.size(), 4U);
}

TEST_F(Gradio, PaysForCallAndStreamTogether) {
  network_->elapsed = milliseconds{1'000};
  script(complete(kFile));
  network_->answer(200, wav_chars());
  const SynthesisResult result = synthesize();
  EXPECT_EQ(result.compute_ms, 2'000);
  EXPECT_EQ(result.request_id, "e1");
  EXPECT_EQ(result.cost_micro_usd, 240 + 7);
}

TEST_F(Gradio, RefusesSettingsThatCannotBe) {
  const auto refused = [&](const auto& change) {
    GradioOptions bad = options();
    change(bad);
    raised(ErrorCode::config_invalid, [&] { make_gradio(bad, network_); });
  };
  refused([](auto& o) { o.upstream.url = "https://huggingface.co/spaces/a/b"; });
  refused([](auto& o) { o.api_name = "/a/b"; });
  refused([](auto& o) { o.api_name = "/"; });
  refused([](auto& o) { o.arguments = R"(["{description}"])"; });
  refused([](auto& o) { o.arguments = R"({"text": "{text}"})"; });
}

TEST_F(Gradio, KnowsTheUsualSpace) {
  network_->answer(200, "{}");
  error_from([&] { synthesize(options("")); });
  EXPECT_TRUE(
      network_->sent.back().url.starts_with("https://ai4bharat-indic-parler-tts.hf.space/"));
}

}  // namespace
}  // namespace bhashatts::synth
