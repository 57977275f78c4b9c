// Audio in all the wrappings that it comes in, and what is no audio whatever its label says.
#include "synth/audio_reply.h"

#include <gtest/gtest.h>

#include "tests/synth/upstream_sounds.h"

namespace bhashatts::synth {
namespace {

using testing::base64_of;
using testing::error_from;
using testing::flac_chars;
using testing::wav_chars;

net::HttpReply reply(std::string body, std::string type, int status = 200) {
  net::HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.headers = {{"content-type", std::move(type)}};
  return reply;
}

std::string audio(std::string body, std::string type = "application/json", AudioShape shape = {}) {
  net::HttpReply wrapped = reply(std::move(body), std::move(type));
  return std::string(std::get<SharedBytes>(read_audio(wrapped, shape)).chars());
}

Error refusal(std::string body, std::string type = "application/json", int status = 200,
              AudioShape shape = {}) {
  net::HttpReply wrapped = reply(std::move(body), std::move(type), status);
  return error_from([&] { read_audio(wrapped, shape); });
}

audio::Pcm samples(std::string body) {
  const std::string wav = audio(std::move(body));
  return audio::decode(std::as_bytes(std::span(wav)));
}

TEST(AudioReply, IsKnownByItsFirstBytes) {
  for (const std::string type : {"audio/flac", "audio/wav", "text/html", "application/json", ""}) {
    EXPECT_EQ(audio(flac_chars(), type), flac_chars()) << type;
    EXPECT_EQ(audio(wav_chars(), type), wav_chars()) << type;
  }
}

TEST(AudioReply, IsRefusedWhenItsLabelLies) {
  const std::string raw(4'000, '\1');
  EXPECT_EQ(refusal(raw, "audio/wav").code(), ErrorCode::bad_audio);
  EXPECT_FALSE(refusal(raw, "audio/wav").retryable());
  EXPECT_EQ(refusal("<html>Sign in</html>", "audio/wav").code(), ErrorCode::bad_audio);
  EXPECT_NE(std::string(refusal("<!DOCTYPE html>", "text/html").what()).find("web page"),
            std::string::npos);
  EXPECT_EQ(refusal("all is well", "text/plain").code(), ErrorCode::bad_audio);
}

TEST(AudioReply, IsAskedForAgainWhenNothingCame) {
  EXPECT_EQ(refusal("", "audio/wav", 204).code(), ErrorCode::bad_audio);
  EXPECT_TRUE(refusal("", "audio/wav", 204).retryable());
  EXPECT_TRUE(refusal("", "audio/flac").retryable());
  EXPECT_TRUE(refusal(R"({"audio":""})").retryable());
  EXPECT_TRUE(refusal(R"({"audio":"UklGR")").retryable());
}

TEST(AudioReply, ComesOutOfBase64) {
  const std::string text = base64_of(wav_chars());
  EXPECT_EQ(audio(R"({"audio":")" + text + "\"}"), wav_chars());
  EXPECT_EQ(audio(R"({"audio":"data:audio/wav;base64,)" + text + "\"}"), wav_chars());
  EXPECT_EQ(audio(R"({"audio_base64":")" + text + R"(","sample_rate":22050})"), wav_chars());
  EXPECT_EQ(audio(R"([{"label":"x","blob":")" + text + R"(","content-type":"audio/wav"}])"),
            wav_chars());
  EXPECT_EQ(audio('"' + text + '"'), wav_chars());
}

TEST(AudioReply, ComesOutOfTheConfiguredField) {
  const std::string body =
      R"({"audio":"notthis","output":{"x":[{"y":")" + base64_of(wav_chars()) + R"("}]}})";
  EXPECT_EQ(audio(body, "application/json", {.field = "output.x.0.y", .pcm_rate = 0}), wav_chars());
}

TEST(AudioReply, IsRefusedWhenBase64HoldsSomethingElse) {
  EXPECT_EQ(refusal(R"({"audio":"aGVsbG8gd29ybGQ="})").code(), ErrorCode::bad_audio);
  EXPECT_EQ(refusal(R"({"audio":"***"})").code(), ErrorCode::bad_audio);
  EXPECT_EQ(refusal(R"({"status":"IN_PROGRESS","id":"x"})").code(), ErrorCode::bad_audio);
  EXPECT_NE(std::string(refusal("{}").what()).find("BHASHATTS_AUDIO_FIELD"), std::string::npos);
  EXPECT_EQ(refusal("[]").code(), ErrorCode::bad_audio);
}

TEST(AudioReply, ComesOutOfFloats) {
  for (const std::string body : {R"({"audio":[0,0.5,-1.0,2],"sampling_rate":16000})",
                                 R"({"audio":[[0,0.5,-1.0,2]],"sampling_rate":16000})",
                                 R"({"audio":[[[0,0.5,-1.0,2]]],"sample_rate":16000.0})",
                                 R"({"audio":[[0],[0.5],[-1.0],[2]],"sampling_rate":16000})",
                                 R"([{"audio":{"array":[0,0.5,-1.0,2],"sampling_rate":16000}}])"}) {
    const audio::Pcm pcm = samples(body);
    EXPECT_EQ(pcm.sample_rate, 16'000U) << body;
    EXPECT_EQ(pcm.samples, (std::vector<std::int16_t>{0, 16'384, -32'767, 32'767})) << body;
  }
}

TEST(AudioReply, TakesWholeNumbersForSixteenBits) {
  EXPECT_EQ(samples(R"({"audio":[0,1200,-32768],"sampling_rate":16000})").samples,
            (std::vector<std::int16_t>{0, 1'200, -32'768}));
}

TEST(AudioReply, IsRefusedWhenFloatsAreNoSamples) {
  for (const std::string body :
       {R"({"audio":[0,NaN],"sampling_rate":16000})", R"({"audio":[0,null],"sampling_rate":16000})",
        R"({"audio":[null],"sampling_rate":16000})", R"({"audio":[0,1e999],"sampling_rate":16000})",
        R"({"audio":[0,0.5]})", R"({"audio":[0,0.5],"sampling_rate":"fast"})",
        R"({"audio":[0,0.5],"sampling_rate":7})", R"({"audio":[0,"x"],"sampling_rate":16000})",
        R"({"audio":[[0,0],[0,0]],"sampling_rate":16000})",
        R"({"audio":[],"sampling_rate":16000})"}) {
    EXPECT_EQ(refusal(body).code(), ErrorCode::bad_audio) << body;
  }
}

TEST(AudioReply, MayBeAnAddress) {
  for (const std::string body :
       {R"({"audio":{"url":"https://files.example/a.wav"}})",
        R"({"url":"https://files.example/a.wav"})", R"({"output":["https://files.example/a.wav"]})",
        R"({"audio":"https://files.example/a.wav"})"}) {
    net::HttpReply wrapped = reply(body, "application/json");
    const AudioAnswer answer = read_audio(wrapped, {});
    EXPECT_EQ(std::get<AudioAddress>(answer).url, "https://files.example/a.wav") << body;
  }
}

TEST(RawSamples, AreTakenOnlyWhereDeclared) {
  const AudioShape declared{.field = "audio", .pcm_rate = 24'000};
  const std::string raw{"\xFF\xFB\x90\x64\x01\x00", 6};  // begins as an MP3 frame might
  const std::string wav = audio(raw, "audio/pcm", declared);
  const audio::Pcm pcm = audio::decode(std::as_bytes(std::span(wav)));
  EXPECT_EQ(pcm.sample_rate, 24'000U);
  EXPECT_EQ(pcm.samples, (std::vector<std::int16_t>{-1'025, 0x6490, 1}));
  EXPECT_EQ(refusal(std::string(4'000, '\1'), "audio/pcm").code(), ErrorCode::bad_audio);
}

TEST(RawSamples, AreNotTakenFromWhatShowsToBeSomethingElse) {
  const AudioShape declared{.field = "audio", .pcm_rate = 24'000};
  EXPECT_EQ(audio(wav_chars(), "audio/pcm", declared), wav_chars());
  EXPECT_EQ(refusal("<html>no</html>", "text/html", 200, declared).code(), ErrorCode::bad_audio);
  EXPECT_EQ(refusal(R"({"no":1})", "application/json", 200, declared).code(), ErrorCode::bad_audio);
  EXPECT_TRUE(refusal("abc", "audio/pcm", 200, declared).retryable());
}

}  // namespace
}  // namespace bhashatts::synth
