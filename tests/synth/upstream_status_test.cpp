// status(): a look that spends nothing, raises nothing and says what to do.
#include <gtest/gtest.h>

#include "synth/gradio.h"
#include "synth/huggingface.h"
#include "synth/openai.h"
#include "tests/support/fake_transport.h"
#include "tests/synth/upstream_sounds.h"

namespace bhashatts::synth {
namespace {

using std::chrono::milliseconds;
using testing::FakeTransport;
using State = SynthesizerState;

class UpstreamStatus : public ::testing::Test {
 protected:
  static UpstreamOptions upstream(std::string url) {
    UpstreamOptions options;
    options.url = std::move(url);
    options.token = "hf_abcdefghijklmnopqrstuvwx";
    options.model = "ai4bharat/indic-parler-tts";
    return options;
  }
  std::shared_ptr<Synthesizer> router() const {
    HuggingFaceOptions options;
    options.upstream = upstream("");
    return make_huggingface(options, network_);
  }
  std::shared_ptr<Synthesizer> endpoint() const {
    HuggingFaceOptions options;
    options.upstream = upstream("https://abc.example/");
    return make_huggingface(options, network_);
  }
  std::shared_ptr<Synthesizer> gradio() const {
    GradioOptions options;
    options.upstream = upstream("https://space.example");
    return make_gradio(options, network_);
  }
  std::shared_ptr<Synthesizer> openai() const {
    OpenAiOptions options;
    options.upstream = upstream("https://voices.example/v1");
    return make_openai(options, network_);
  }
  SynthesizerStatus after(const std::shared_ptr<Synthesizer>& synthesizer, int status,
                          std::string body = {}) const {
    network_->answer(status, std::move(body));
    SynthesizerStatus found = synthesizer->status();
    EXPECT_EQ(network_->sent.back().method, "GET");
    EXPECT_EQ(found.model, "ai4bharat/indic-parler-tts");
    EXPECT_EQ(found.message.empty(), found.state == State::ready) << found.message;
    return found;
  }

  std::shared_ptr<FakeTransport> network_ = std::make_shared<FakeTransport>();
};

TEST_F(UpstreamStatus, OfTheRouterIsWhatTheHubTells) {
  const auto state = [&](const std::string& mapping) {
    return after(router(), 200, R"({"id":"x","inferenceProviderMapping":)" + mapping + "}").state;
  };
  EXPECT_EQ(state(R"({"hf-inference":{"status":"live"}})"), State::ready);
  EXPECT_EQ(state(R"([{"provider":"fal-ai"},{"provider":"hf-inference","status":"live"}])"),
            State::ready);
  EXPECT_EQ(state(R"({"hf-inference":{"status":"error"}})"), State::not_served);
  EXPECT_EQ(state(R"({"fal-ai":{"status":"live"}})"), State::not_served);
  EXPECT_EQ(state("[]"), State::not_served);
  EXPECT_EQ(network_->sent[0].url,
            "https://huggingface.co/api/models/ai4bharat/indic-parler-tts"
            "?expand%5B%5D=inferenceProviderMapping");
}

TEST_F(UpstreamStatus, OfTheRouterReadsRefusals) {
  EXPECT_EQ(after(router(), 401).state, State::unauthorized);
  EXPECT_EQ(after(router(), 403).state, State::unauthorized);
  EXPECT_EQ(after(router(), 404).state, State::not_served);
  EXPECT_EQ(after(router(), 500).state, State::unavailable);
  EXPECT_EQ(after(router(), 200, "<html>").state, State::unavailable);
  EXPECT_EQ(after(router(), 200, "{}").state, State::not_served);
}

TEST_F(UpstreamStatus, OfTheRouterWithoutATokenAsksNobody) {
  HuggingFaceOptions options;
  options.upstream = upstream("");
  options.upstream.token.clear();
  const SynthesizerStatus status = make_huggingface(options, network_)->status();
  EXPECT_EQ(status.state, State::unauthorized);
  EXPECT_NE(status.message.find("HUGGINGFACE_API_TOKEN"), std::string::npos);
  EXPECT_TRUE(network_->sent.empty());
}

TEST_F(UpstreamStatus, OfAnEndpointIsHowItAnswers) {
  for (const int there : {200, 404, 405}) EXPECT_EQ(after(endpoint(), there).state, State::ready);
  const SynthesizerStatus loading = after(endpoint(), 503, R"({"estimated_time":12})");
  EXPECT_EQ(loading.state, State::loading);
  EXPECT_EQ(loading.ready_in, milliseconds{12'000});
  const SynthesizerStatus paused = after(endpoint(), 400, "Bad Request: Invalid state");
  EXPECT_EQ(paused.state, State::unavailable);
  EXPECT_NE(paused.message.find("paused"), std::string::npos);
  EXPECT_EQ(after(endpoint(), 402).state, State::no_credits);
  EXPECT_EQ(after(endpoint(), 401).state, State::unauthorized);
  EXPECT_EQ(network_->sent[0].url, "https://abc.example/");
}

TEST_F(UpstreamStatus, OfGradioLooksForTheFunction) {
  const std::string listed = R"({"named_endpoints":{"/generate_finetuned":{}}})";
  EXPECT_EQ(after(gradio(), 200, listed).state, State::ready);
  EXPECT_EQ(after(gradio(), 200, R"({"named_endpoints":{"/other":{}}})").state, State::not_served);
  EXPECT_EQ(after(gradio(), 503, "<html>This Space is paused").state, State::unavailable);
  EXPECT_EQ(after(gradio(), 503, "<html>This Space is sleeping").state, State::loading);
  network_->answer(404, "Not Found");
  EXPECT_EQ(after(gradio(), 200, listed).state, State::ready);
  EXPECT_EQ(network_->sent.back().url, "https://space.example/info");
}

TEST_F(UpstreamStatus, OfAnOpenAiServerDoesNotInsistOnAList) {
  for (const int there : {200, 404, 405}) EXPECT_EQ(after(openai(), there).state, State::ready);
  EXPECT_EQ(after(openai(), 401).state, State::unauthorized);
  EXPECT_EQ(after(openai(), 503, "Loading model").state, State::loading);
  EXPECT_EQ(network_->sent[0].url, "https://voices.example/v1/models");
}

TEST_F(UpstreamStatus, NeverRaises) {
  for (const auto& synthesizer : {router(), endpoint(), gradio(), openai()}) {
    network_->fail(ErrorCode::unreachable, false);
    EXPECT_EQ(synthesizer->status().state, State::unreachable);
    network_->fail(ErrorCode::upstream_timeout, true);
    EXPECT_EQ(synthesizer->status().state, State::unreachable);
    EXPECT_EQ(synthesizer->status().state, State::unavailable);  // the script has ended: it throws
  }
}

}  // namespace
}  // namespace bhashatts::synth
