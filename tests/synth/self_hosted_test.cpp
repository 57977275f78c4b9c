// The servers that people run for this model, each as it is: the settings that reach it, and what
// it answers.
#include <gtest/gtest.h>

#include "synth/huggingface.h"
#include "synth/openai.h"
#include "tests/support/fake_transport.h"
#include "tests/synth/upstream_sounds.h"

namespace bhashatts::synth {
namespace {

using testing::base64_of;
using testing::error_from;
using testing::FakeTransport;
using testing::speak;
using testing::wav_chars;

class SelfHosted : public ::testing::Test {
 protected:
  SynthesisResult by_fields(const std::string& text, const std::string& description,
                            const std::string& audio) const {
    HuggingFaceOptions options;
    options.upstream.url = "http://voices.example:8000/run";
    options.upstream.model = "m";
    options.text_field = text;
    options.description_field = description;
    options.audio_field = audio;
    return make_huggingface(options, network_)->synthesize(speak("क"));
  }
  SynthesisResult by_openai(const OpenAiOptions& options) const {
    return make_openai(options, network_)->synthesize(speak("क"));
  }
  static OpenAiOptions openai() {
    OpenAiOptions options;
    options.upstream.url = "http://voices.example:8000";
    options.upstream.model = "m";
    return options;
  }
  std::string body() const { return network_->sent.back().body; }

  std::shared_ptr<FakeTransport> network_ = std::make_shared<FakeTransport>();
};

TEST_F(SelfHosted, ServerOfBase64Json) {  // {"text", "voice_description"} -> {"audio": "<b64>"}
  network_->answer(200, R"({"audio":")" + base64_of(wav_chars()) + "\"}");
  EXPECT_EQ(by_fields("text", "voice_description", "audio").audio.chars(), wav_chars());
  EXPECT_EQ(body(), R"({"text":"क","voice_description":"Divya speaks softly."})");
}

TEST_F(SelfHosted, ServerOfPlainWav) {  // {"text", "description"} -> wav
  network_->answer(200, wav_chars(), {{"x-tts-sample-rate", "44100"}});
  EXPECT_EQ(by_fields("text", "description", "").audio.chars(), wav_chars());
  EXPECT_EQ(body(), R"({"description":"Divya speaks softly.","text":"क"})");
}

TEST_F(SelfHosted, QueueWorker) {  // {"input": {...}} -> {"output": {"audio_base64"}}
  network_->answer(200,
                   R"({"id":"x","status":"COMPLETED","output":{"text":"क","sample_rate":22050,)"
                   R"("audio_base64":")" +
                       base64_of(wav_chars()) + "\"}}");
  EXPECT_EQ(by_fields("input.text", "input.description", "output.audio_base64").audio.chars(),
            wav_chars());
  EXPECT_EQ(body(), R"({"input":{"description":"Divya speaks softly.","text":"क"}})");
}

TEST_F(SelfHosted, QueueWorkerThatIsNotDone) {
  network_->answer(200, R"({"id":"x","status":"IN_PROGRESS"})");
  const Error error =
      error_from([&] { by_fields("input.text", "input.description", "output.audio_base64"); });
  EXPECT_EQ(error.code(), ErrorCode::bad_audio);
}

TEST_F(SelfHosted, ToolkitWithoutAHandler) {  // floats
  network_->answer(200, R"({"audio":[[0.0,0.5,-0.5]],"sampling_rate":44100})");
  const SynthesisResult result = by_fields("inputs", "parameters.description", "audio");
  const audio::Pcm pcm = audio::decode(result.audio.span());
  EXPECT_EQ(pcm.sample_rate, 44'100U);
  EXPECT_EQ(pcm.samples.size(), 3U);
}

TEST_F(SelfHosted, VoiceThatIsTheDescription) {
  network_->answer(200, wav_chars());
  EXPECT_EQ(by_openai(openai()).audio.chars(), wav_chars());
  EXPECT_EQ(body(), R"({"input":"क","model":"m","response_format":"wav",)"
                    R"("voice":"Divya speaks softly."})");
}

TEST_F(SelfHosted, VoiceByNameWithInstructions) {
  OpenAiOptions options = openai();
  options.description_as = DescriptionAs::instructions;
  options.voice = "divya";
  network_->answer(200, wav_chars());
  by_openai(options);
  EXPECT_EQ(body(), R"({"input":"क","instructions":"Divya speaks softly.","model":"m",)"
                    R"("response_format":"wav","voice":"divya"})");
}

TEST_F(SelfHosted, RawSamplesUnderTheLabelOfWav) {
  const std::string raw(4'800, '\3');
  network_->answer(200, raw, {{"content-type", "audio/wav"}});
  EXPECT_EQ(error_from([&] { by_openai(openai()); }).code(), ErrorCode::bad_audio);
  OpenAiOptions declared = openai();
  declared.format = "pcm";
  declared.pcm_rate = 24'000;
  network_->answer(200, raw, {{"content-type", "audio/wav"}});
  EXPECT_EQ(audio::decode(by_openai(declared).audio.span()).samples.size(), 2'400U);
}

TEST_F(SelfHosted, ServerThatIsStillLoading) {
  network_->answer(503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable"}})");
  const Error error = error_from([&] { by_openai(openai()); });
  EXPECT_EQ(error.code(), ErrorCode::model_loading);
  EXPECT_TRUE(error.retryable());
}

}  // namespace
}  // namespace bhashatts::synth
