#include "synth/openai.h"

#include <gtest/gtest.h>

#include "tests/support/fake_transport.h"
#include "tests/support/raised.h"
#include "tests/synth/upstream_sounds.h"

namespace bhashatts::synth {
namespace {

using testing::FakeTransport;
using testing::flac_chars;
using testing::raised;
using testing::speak;
using testing::wav_chars;

OpenAiOptions options(std::string url = "https://voices.example") {
  OpenAiOptions options;
  options.upstream.url = std::move(url);
  options.upstream.model = "m";
  options.upstream.token = "sk-abcdefghijklmnopqrstuvwx";
  return options;
}

class OpenAi : public ::testing::Test {
 protected:
  testing::SentRequest sent_for(const OpenAiOptions& with) const {
    network_->answer(200, wav_chars());
    make_openai(with, network_)->synthesize(speak());
    return network_->sent.back();
  }

  std::shared_ptr<FakeTransport> network_ = std::make_shared<FakeTransport>();
};

TEST_F(OpenAi, AddsToTheAddressWhatIsMissing) {
  const auto url = [&](const std::string& given) { return sent_for(options(given)).url; };
  EXPECT_EQ(url("https://h"), "https://h/v1/audio/speech");
  EXPECT_EQ(url("https://h/"), "https://h/v1/audio/speech");
  EXPECT_EQ(url("https://h/openai/v1/"), "https://h/openai/v1/audio/speech");
  EXPECT_EQ(url("https://h/x/audio/speech?api-version=2"),
            "https://h/x/audio/speech?api-version=2");
  EXPECT_EQ(url("https://h/v1?a=b"), "https://h/v1/audio/speech?a=b");
}

TEST_F(OpenAi, SendsTheDescriptionWhereItIsWanted) {
  OpenAiOptions with = options();
  with.voice = "divya";
  with.description_as = DescriptionAs::both;
  EXPECT_NE(sent_for(with).body.find(R"("instructions":"Divya)"), std::string::npos);
  EXPECT_NE(sent_for(with).body.find(R"("voice":"Divya)"), std::string::npos);
  with.description_as = DescriptionAs::nothing;
  EXPECT_EQ(sent_for(with).body,
            R"({"input":"नमस्ते","model":"m","response_format":"wav","voice":"divya"})");
  with.voice.clear();
  EXPECT_EQ(sent_for(with).body.find("voice"), std::string::npos);
}

TEST_F(OpenAi, TakesTheFormatThatCame) {
  network_->answer(200, flac_chars(), {{"content-type", "audio/wav"}});
  const auto result = make_openai(options(), network_)->synthesize(speak());
  EXPECT_EQ(result.audio.chars(), flac_chars());
  EXPECT_EQ(network_->sent.back().token, "sk-abcdefghijklmnopqrstuvwx");
}

TEST_F(OpenAi, RefusesSettingsThatCannotBe) {
  const auto refused = [&](const auto& change) {
    OpenAiOptions bad = options();
    change(bad);
    raised(ErrorCode::config_invalid, [&] { make_openai(bad, network_); });
  };
  refused([](auto& o) { o.upstream.url = ""; });
  refused([](auto& o) { o.format = "aac"; });
  refused([](auto& o) { o.format = "pcm"; });
  refused([](auto& o) { o.format = "pcm", o.pcm_rate = 100; });
  refused([](auto& o) { o.upstream.token = "Bearer abc"; });
}

}  // namespace
}  // namespace bhashatts::synth
