// What is sent to Hugging Face and to servers like it, and what is made of the answer.
#include "synth/huggingface.h"

#include <gtest/gtest.h>

#include "tests/support/fake_transport.h"
#include "tests/support/raised.h"
#include "tests/synth/upstream_sounds.h"

namespace bhashatts::synth {
namespace {

using std::chrono::milliseconds;
using testing::base64_of;
using testing::error_from;
using testing::FakeTransport;
using testing::flac_chars;
using testing::raised;
using testing::speak;
using testing::wav_chars;

constexpr const char* kToken = "hf_abcdefghijklmnopqrstuvwx";
constexpr const char* kEndpoint = "https://abc.eu.endpoints.example/";

HuggingFaceOptions options(std::string url = kEndpoint) {
  HuggingFaceOptions options;
  options.upstream.url = std::move(url);
  options.upstream.token = kToken;
  options.upstream.model = "ai4bharat/indic-parler-tts";
  options.upstream.pricing = {.per_second = 120, .per_million_characters = 0, .per_call = 7};
  return options;
}

class HuggingFace : public ::testing::Test {
 protected:
  SynthesisResult synthesize(const HuggingFaceOptions& with,
                             const SynthesisRequest& request = speak()) const {
    return make_huggingface(with, network_)->synthesize(request);
  }
  const testing::SentRequest& sent(std::size_t index = 0) const { return network_->sent.at(index); }

  std::shared_ptr<FakeTransport> network_ = std::make_shared<FakeTransport>();
};

TEST_F(HuggingFace, AsksTheRouterForTheModel) {
  network_->answer(200, flac_chars());
  EXPECT_EQ(synthesize(options("")).audio.chars(), flac_chars());
  EXPECT_EQ(sent().method, "POST");
  EXPECT_EQ(sent().url,
            "https://router.huggingface.co/hf-inference/models/ai4bharat/indic-parler-tts");
  EXPECT_EQ(sent().token, kToken);
  EXPECT_EQ(sent().body,
            R"({"inputs":"नमस्ते","parameters":{"description":"Divya speaks softly."}})");
}

TEST_F(HuggingFace, SendsHeadersThatAllServersBear) {
  network_->answer(200, flac_chars());
  synthesize(options(""));
  EXPECT_EQ(sent().header("Content-Type"), "application/json");
  EXPECT_EQ(sent().header("Accept"), "*/*");
  EXPECT_EQ(sent().header("X-Scale-Up-Timeout"), "");
  EXPECT_EQ(sent().header("x-use-cache"), "");
}

TEST_F(HuggingFace, UsesAnEndpointVerbatimAndLetsItStart) {
  network_->answer(200, wav_chars());
  synthesize(options("https://h.example:8443/A%20b/?x=y"), speak("क", 100'000));
  EXPECT_EQ(sent().url, "https://h.example:8443/A%20b/?x=y");
  EXPECT_EQ(sent().token, kToken);
  const int seconds = std::stoi(sent().header("X-Scale-Up-Timeout"));
  EXPECT_GE(seconds, 70);
  EXPECT_LE(seconds, 75);
}

TEST_F(HuggingFace, WantsNothingKeptForAnotherTakeOrAttempt) {
  for (const auto& [take, attempt] : {std::pair(1, 0), std::pair(0, 1)}) {
    network_->answer(200, wav_chars());
    SynthesisRequest request = speak();
    request.take = take;
    request.attempt = attempt;
    synthesize(options(), request);
    EXPECT_EQ(network_->sent.back().header("x-use-cache"), "false");
  }
}

TEST_F(HuggingFace, PutsFieldsWhereTheyAreConfigured) {
  HuggingFaceOptions with = options();
  with.text_field = "input.text";
  with.description_field = "input.voice";
  with.language_field = "language";
  network_->answer(200, wav_chars());
  synthesize(with, speak("a \"b\""));
  EXPECT_EQ(sent().body,
            R"({"input":{"text":"a \"b\"","voice":"Divya speaks softly."},"language":"HINDI"})");
}

TEST_F(HuggingFace, SendsParametersEvenWhenEmpty) {
  HuggingFaceOptions with = options();
  with.description_field.clear();
  network_->answer(200, wav_chars());
  synthesize(with, speak("a"));
  EXPECT_EQ(sent().body, R"({"inputs":"a","parameters":{}})");
}

TEST_F(HuggingFace, SeedsATakeSoThatItCanBeMadeAgain) {
  HuggingFaceOptions with = options();
  with.seed_field = "parameters.seed";
  SynthesisRequest other = speak();
  other.take = 1;
  for (int i = 0; i < 3; ++i) network_->answer(200, wav_chars());
  synthesize(with);
  synthesize(with);
  synthesize(with, other);
  EXPECT_EQ(sent(0).body, sent(1).body);
  EXPECT_NE(sent(0).body, sent(2).body);
  EXPECT_NE(sent(0).body.find("\"seed\":"), std::string::npos);
}

TEST_F(HuggingFace, KeepsWhatTheReplyTells) {
  network_->answer(200, flac_chars(),
                   {{"x-compute-time", "1.512"},
                    {"x-request-id", "Root=1-67ae;abc"},
                    {"x-sha", "d6a4ffce1bde343237aa6aea48ebafe7b9043880"}});
  const SynthesisResult result = synthesize(options());
  EXPECT_EQ(result.compute_ms, 1'512);
  EXPECT_EQ(result.cost_micro_usd, 182 + 7);
  EXPECT_EQ(result.request_id, "Root=1-67ae;abc");
  EXPECT_EQ(result.model_revision, "d6a4ffce1bde343237aa6aea48ebafe7b9043880");
}

TEST_F(HuggingFace, BillsItsOwnTimeWhereTheReplyTellsNone) {
  network_->elapsed = milliseconds{2'000};
  network_->answer(200, flac_chars());
  network_->answer(200, flac_chars(), {{"x-compute-time", "nonsense"}});
  network_->answer(200, flac_chars(), {{"x-compute-time", "86000"}});
  EXPECT_EQ(synthesize(options()).cost_micro_usd, 240 + 7);
  EXPECT_EQ(synthesize(options()).cost_micro_usd, 240 + 7);
  EXPECT_EQ(synthesize(options()).cost_micro_usd, 120 * 120 + 7);  // what was reserved, no more
}

TEST_F(HuggingFace, TellsWhatAFailureCost) {
  network_->elapsed = milliseconds{1'000};
  network_->answer(500, "{}");
  network_->answer(500, "{}", {{"x-compute-time", "2"}});
  network_->answer(200, "");
  network_->fail(ErrorCode::unreachable, false);
  network_->fail(ErrorCode::upstream_timeout, true);
  std::vector<std::int64_t> costs;
  for (int i = 0; i < 5; ++i) {
    costs.push_back(error_from([&] { synthesize(options()); }).cost_micro_usd());
  }
  EXPECT_EQ(costs, (std::vector<std::int64_t>{0, 240, 127, 0, 127}));
}

TEST_F(HuggingFace, SaysThatATimeoutMayHaveBeenBilled) {
  network_->fail(ErrorCode::upstream_timeout, true);
  const Error error = error_from([&] { synthesize(options()); });
  EXPECT_EQ(error.code(), ErrorCode::upstream_timeout);
  EXPECT_TRUE(error.retryable());
  EXPECT_NE(std::string(error.what()).find("billed"), std::string::npos);
}

TEST_F(HuggingFace, FetchesAudioFromAStrangerWithoutTheToken) {
  network_->answer(200, R"({"audio":{"url":"https://files.example/a.wav"}})");
  network_->answer(200, wav_chars());
  EXPECT_EQ(synthesize(options()).audio.chars(), wav_chars());
  EXPECT_EQ(sent(1).method, "GET");
  EXPECT_EQ(sent(1).url, "https://files.example/a.wav");
  EXPECT_EQ(sent(1).token, "");
  EXPECT_EQ(sent(1).redirects, net::Redirects::follow);
  EXPECT_EQ(sent(1).deadline, sent(0).deadline);
}

TEST_F(HuggingFace, FetchesAudioFromItsOwnOriginWithTheToken) {
  network_->answer(200, R"({"audio":{"url":"/files/a.wav"}})");
  network_->answer(200, wav_chars());
  synthesize(options());
  EXPECT_EQ(sent(1).url, "https://abc.eu.endpoints.example/files/a.wav");
  EXPECT_EQ(sent(1).token, kToken);
}

TEST_F(HuggingFace, FetchesNothingUnencryptedForAnEncryptedCall) {
  network_->answer(200, R"({"audio":{"url":"http://files.example/a.wav"}})");
  network_->answer(200, R"({"audio":{"url":"https://"}})");
  EXPECT_EQ(error_from([&] { synthesize(options()); }).code(), ErrorCode::bad_audio);
  EXPECT_EQ(error_from([&] { synthesize(options()); }).code(), ErrorCode::bad_audio);
  EXPECT_EQ(network_->sent.size(), 2U);
}

TEST_F(HuggingFace, PaysForAudioThatCannotBeFetched) {
  network_->answer(200, R"({"audio":{"url":"https://files.example/a.wav"}})",
                   {{"x-compute-time", "1"}});
  network_->answer(404, "gone");
  const Error error = error_from([&] { synthesize(options()); });
  EXPECT_EQ(error.code(), ErrorCode::upstream_failed);
  EXPECT_FALSE(error.retryable());
  EXPECT_EQ(error.cost_micro_usd(), 127);
}

TEST_F(HuggingFace, HopsOnceOnly) {
  network_->answer(200, R"({"audio":{"url":"https://files.example/a"}})");
  network_->answer(200, R"({"audio":{"url":"https://files.example/b"}})");
  EXPECT_EQ(error_from([&] { synthesize(options()); }).code(), ErrorCode::bad_audio);
}

TEST_F(HuggingFace, NeedsATokenForTheRouterAlone) {
  HuggingFaceOptions without = options("");
  without.upstream.token.clear();
  const std::string message = raised(ErrorCode::not_configured, [&] { synthesize(without); });
  EXPECT_NE(message.find("HUGGINGFACE_API_TOKEN"), std::string::npos);
  without.upstream.url = "http://127.0.0.1:8000/";
  network_->answer(200, wav_chars());
  EXPECT_NO_THROW(synthesize(without));
}

TEST_F(HuggingFace, RefusesSettingsThatCannotBe) {
  const auto refused = [&](const auto& change) {
    HuggingFaceOptions bad = options();
    change(bad);
    raised(ErrorCode::config_invalid, [&] { make_huggingface(bad, network_); });
  };
  refused([](auto& o) { o.upstream.url = "abc.endpoints.example"; });
  refused([](auto& o) { o.text_field = ""; });
  refused([](auto& o) { o.audio_field = "a..b"; });
  refused([](auto& o) { o.description_field = "inputs.description"; });
  refused([](auto& o) { o.upstream.token = "two words"; });
  refused([](auto& o) { o.upstream.url = "", o.upstream.model = "../../api/whoami"; });
}

TEST_F(HuggingFace, TrimsTheToken) {
  HuggingFaceOptions with = options();
  with.upstream.token = std::string(" ") + kToken + "\n";
  network_->answer(200, wav_chars());
  synthesize(with);
  EXPECT_EQ(sent().token, kToken);
}

}  // namespace
}  // namespace bhashatts::synth
