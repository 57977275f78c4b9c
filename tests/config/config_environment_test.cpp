#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bhashatts/config.h"
#include "config/table.h"
#include "tests/support/environment.h"
#include "tests/support/raised.h"

namespace bhashatts {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::raised;
using testing::ScopedEnvironment;

std::string refusal(const std::vector<std::string>& variables) {
  const ScopedEnvironment environment(variables);
  return raised(ErrorCode::config_invalid, [] { Config::from_environment(); });
}

TEST(ConfigEnvironment, AnEmptyEnvironmentGivesTheDefaults) {
  const ScopedEnvironment environment({});
  const Config config = Config::from_environment();
  for (const auto& setting : config::settings()) {
    EXPECT_TRUE(config::is_default(config, setting)) << setting.name;
  }
}

TEST(ConfigEnvironment, ReadsTheGuidesNamesAndOurs) {
  const ScopedEnvironment environment(
      {"TTS_CACHE_TTL_SECONDS=3600", "TTS_DEFAULT_VOICE_STYLE=calm", "TTS_ENABLE_PREWARMING=true",
       "HUGGINGFACE_API_TOKEN= hf_x \n", "BHASHATTS_WORKERS=3", "BHASHATTS_BUDGET_USD_MONTH=9.25"});
  const Config config = Config::from_environment();
  EXPECT_EQ(config.cache_ttl_seconds, 3600);
  EXPECT_EQ(config.default_voice_style, "calm");
  EXPECT_TRUE(config.enable_prewarming);
  EXPECT_EQ(config.huggingface_api_token, "hf_x");
  EXPECT_EQ(config.workers, 3);
  EXPECT_EQ(config.budget_usd_month_micro, 9'250'000);
}

TEST(ConfigEnvironment, ToleratesWhatEnvFilesLeaveBehindAValue) {
  const ScopedEnvironment environment(
      {"TTS_CACHE_TTL_SECONDS=86400  # 24 hours",
       "HUGGINGFACE_ACCOUNT_TYPE=free  # 'free' or 'pro'", "BHASHATTS_WORKERS=\"2\" # it's \"two\"",
       "TTS_ENABLE_PREWARMING='Yes'", "BHASHATTS_BUDGET_USD_MONTH=0.000001# one"});
  const Config config = Config::from_environment();
  EXPECT_EQ(config.cache_ttl_seconds, 86'400);
  EXPECT_EQ(config.huggingface_account_type, "free");
  EXPECT_EQ(config.workers, 2);
  EXPECT_TRUE(config.enable_prewarming);
  EXPECT_EQ(config.budget_usd_month_micro, 1);
}

TEST(ConfigEnvironment, KeepsAHashInTextBecauseAPasswordMayHoldOne) {
  const ScopedEnvironment environment({"REDIS_URL=redis://:p#1@host:6379/0"});
  EXPECT_EQ(Config::from_environment().redis_url, "redis://:p#1@host:6379/0");
}

TEST(ConfigEnvironment, AnEmptyValueIsNoValue) {
  const ScopedEnvironment environment(
      {"TTS_CACHE_TTL_SECONDS=  # later", "BHASHATTS_SYNTHESIZER=", "TTS_MODEL_ID=\"\""});
  const Config config = Config::from_environment();
  EXPECT_EQ(config.cache_ttl_seconds, Config{}.cache_ttl_seconds);
  EXPECT_EQ(config.synthesizer, "auto");
  EXPECT_EQ(config.model_id, Config{}.model_id);
}

TEST(ConfigEnvironment, AnUnknownNameOfOursIsNamedWithTheNearestOne) {
  EXPECT_THAT(refusal({"BHASHATTS_WORKER=3"}),
              AllOf(HasSubstr("BHASHATTS_WORKER "), HasSubstr("did you mean BHASHATTS_WORKERS?")));
  EXPECT_THAT(refusal({"BHASHATTS_QQQQQQQQQQQQ=3"}), Not(HasSubstr("did you mean")));
}

TEST(ConfigEnvironment, OtherPeoplesNamesAreNobodysBusiness) {
  const ScopedEnvironment environment({"TTS_SOMETHING=x", "AWS_PROFILE=x"});
  EXPECT_NO_THROW(Config::from_environment());
}

TEST(ConfigEnvironment, MalformedValuesNameTheSettingAndItsFormButNotTheValue) {
  EXPECT_THAT(refusal({"TTS_CACHE_TTL_SECONDS=hf_oops"}),
              AllOf(HasSubstr("TTS_CACHE_TTL_SECONDS must be a whole number from 1 to 315360000"),
                    Not(HasSubstr("hf_oops"))));
  EXPECT_THAT(refusal({"TTS_ENABLE_PREWARMING=maybe"}), HasSubstr("true or false"));
  EXPECT_THAT(refusal({"BHASHATTS_SYNTHESIZER=speak"}),
              HasSubstr("auto, huggingface, gradio, openai, espeak"));
  EXPECT_THAT(refusal({"HUGGINGFACE_API_TOKEN=hf_\x01secret"}), Not(HasSubstr("secret")));
}

TEST(ConfigEnvironment, NumbersOutsideTheirRangeAreRefused) {
  for (const char* value : {"0", "-1", "315360001", "99999999999999999999", "1e3", "1.0", "0x10"}) {
    EXPECT_THAT(refusal({std::string("TTS_CACHE_TTL_SECONDS=") + value}),
                HasSubstr("TTS_CACHE_TTL_SECONDS"))
        << value;
  }
}

TEST(ConfigSet, TakesJsonNamesAndEnvironmentSpelling) {
  Config config;
  config.set("workers", " 4 # all");
  config.set("namespace", "/shop//blue");
  EXPECT_EQ(config.workers, 4);
  EXPECT_EQ(config.name_space, "shop/blue/");
  EXPECT_THAT(raised(ErrorCode::config_invalid, [&] { config.set("name_space", "x"); }),
              HasSubstr("did you mean namespace?"));
}

TEST(ConfigValidate, HoldsProgramsToTheSameRules) {
  Config config;
  config.name_space = "shop";
  config::validate(config);
  EXPECT_EQ(config.name_space, "shop/");
  config.cache_ttl_seconds = 0;
  EXPECT_THAT(raised(ErrorCode::config_invalid, [&] { config::validate(config); }),
              HasSubstr("cache_ttl_seconds"));
}

}  // namespace
}  // namespace bhashatts
