// Which synthesizers settings come to, and above all: where which token goes. What an upstream is
// called follows from its address and its token, so that two names tell whether a token is used.
#include "engine/open_voices.h"

#include <gtest/gtest.h>

#include "bhashatts/error.h"

namespace bhashatts::engine {
namespace {

Config at(const std::string& synthesizer, const std::string& url) {
  Config config;
  config.synthesizer = synthesizer;
  config.endpoint_url = url;
  return config;
}

bool sends_account_token(Config config) {
  const std::string without = open_synthesizers(config).front()->upstream();
  config.huggingface_api_token = "hf_abcdef";
  return open_synthesizers(config).front()->upstream() != without;
}

bool sends_endpoint_token(Config config) {
  const std::string without = open_synthesizers(config).front()->upstream();
  config.endpoint_token = "abcdef";
  return open_synthesizers(config).front()->upstream() != without;
}

TEST(OpenVoices, TheAccountsTokenGoesToHuggingFace) {
  EXPECT_TRUE(sends_account_token(at("huggingface", "")));
  EXPECT_TRUE(
      sends_account_token(at("huggingface", "https://x.eu.aws.endpoints.huggingface.cloud")));
}

TEST(OpenVoices, TheAccountsTokenGoesToNobodyElse) {
  for (const char* url :
       {"https://voice.example", "https://huggingface.co.voice.example", "https://xhuggingface.co",
        "https://voice.example/huggingface.co", "https://voice.example?x=huggingface.co",
        "http://x.endpoints.huggingface.cloud", "https://someone.hf.space"}) {
    EXPECT_FALSE(sends_account_token(at("huggingface", url))) << url;
  }
  EXPECT_FALSE(sends_account_token(at("gradio", "")));
  EXPECT_FALSE(sends_account_token(at("gradio", "https://someone.hf.space")));
  EXPECT_FALSE(sends_account_token(at("openai", "https://voice.example")));
}

TEST(OpenVoices, TheEndpointsTokenGoesWhereItWasConfigured) {
  for (const char* synthesizer : {"huggingface", "gradio", "openai"}) {
    EXPECT_TRUE(sends_endpoint_token(at(synthesizer, "https://voice.example"))) << synthesizer;
  }
  EXPECT_FALSE(sends_endpoint_token(at("huggingface", "")));
}

TEST(OpenVoices, MovingFromASpaceToAnEndpointKeepsTheVoice) {
  const auto space = open_synthesizers(at("gradio", "")).front()->identity();
  const auto endpoint = open_synthesizers(at("huggingface", "https://voice.example")).front();
  EXPECT_EQ(space, endpoint->identity());
  Config other = at("gradio", "");
  other.gradio_api_name = "gen_tts";
  EXPECT_NE(open_synthesizers(other).front()->identity(), space);
}

TEST(OpenVoices, AChainIsOpenedInOrder) {
  Config config = at("huggingface", "https://voice.example");
  config.fallback = "gradio, espeak";
  const auto chain = open_synthesizers(config);
  ASSERT_EQ(chain.size(), 3U);
  EXPECT_TRUE(chain[2]->identity().starts_with("espeak"));
  config.fallback = "huggingface";
  EXPECT_THROW(open_synthesizers(config), Error);
}

TEST(OpenVoices, AutoIsWhatCanBeReached) {
  Config config;
  config.fallback = "espeak";
  EXPECT_TRUE(open_synthesizers(config).front()->identity().starts_with("espeak"));
  EXPECT_EQ(open_synthesizers(config).size(), 1U);
  config.huggingface_api_token = "hf_abcdef";
  EXPECT_EQ(open_synthesizers(config).size(), 2U);
}

}  // namespace
}  // namespace bhashatts::engine
