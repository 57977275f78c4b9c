#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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

std::string refusal(std::string_view json) {
  return raised(ErrorCode::config_invalid, [&] { Config::from_json(json); });
}

TEST(ConfigJson, GoesOverItsBaseAndLeavesTheRest) {
  Config base;
  base.workers = 7;
  const Config config = Config::from_json(
      R"({"synthesizer":"espeak","cache_ttl_seconds":60,"enable_prewarming":true})", base);
  EXPECT_EQ(config.workers, 7);
  EXPECT_EQ(config.synthesizer, "espeak");
  EXPECT_EQ(config.cache_ttl_seconds, 60);
  EXPECT_TRUE(config.enable_prewarming);
}

TEST(ConfigJson, TypesAreStrict) {
  EXPECT_THAT(refusal(R"({"workers":"3"})"), HasSubstr("workers must be a JSON number"));
  EXPECT_THAT(refusal(R"({"workers":3.0})"), HasSubstr("a whole number"));
  EXPECT_THAT(refusal(R"({"enable_prewarming":"true"})"), HasSubstr("a JSON boolean"));
  EXPECT_THAT(refusal(R"({"data_dir":5})"), HasSubstr("a JSON string"));
  EXPECT_THAT(refusal(R"({"data_dir":null})"), HasSubstr("a JSON string"));
  EXPECT_THAT(refusal(R"({"data_dir":["x"]})"), HasSubstr("a JSON string"));
}

TEST(ConfigJson, ABudgetKeepsItsDigits) {
  const auto budget = [](const char* json) {
    return Config::from_json(json).budget_usd_month_micro;
  };
  EXPECT_EQ(budget(R"({"budget_usd_month":0.1})"), 100'000);
  EXPECT_EQ(budget(R"({"budget_usd_month":999999.999999})"), 999'999'999'999);
  EXPECT_EQ(budget(R"({"budget_usd_month":"12.34"})"), 12'340'000);
  EXPECT_EQ(budget(R"({"budget_usd_month":3})"), 3'000'000);
  EXPECT_THAT(refusal(R"({"budget_usd_month":0.0000001})"), HasSubstr("six decimals"));
  EXPECT_THAT(refusal(R"({"budget_usd_month":-1})"), HasSubstr("six decimals"));
}

TEST(ConfigJson, UnknownAndRepeatedNamesAreErrors) {
  EXPECT_THAT(refusal(R"({"sinthesizer":"espeak"})"), HasSubstr("did you mean synthesizer?"));
  EXPECT_THAT(refusal(R"({"name_space":"x"})"), HasSubstr("did you mean namespace?"));
  EXPECT_THAT(refusal(R"({"workers":1,"workers":2})"), HasSubstr("workers is given twice"));
  EXPECT_THAT(refusal("{\"\\u0007\\u0000bell\":1}"), HasSubstr("??bell"));
}

TEST(ConfigJson, OnlyOneFlatObjectIsAConfiguration) {
  for (const char* json : {"", "[]", "5", "null", "\"x\"", "{", "{}{}", "{\"workers\":{}}",
                           "{\"workers\":1,}", "{\"data_dir\":\"\xff\"}"}) {
    EXPECT_FALSE(refusal(json).empty()) << json;
  }
  EXPECT_FALSE(refusal(std::string(100'000, '[')).empty());
}

TEST(ConfigJson, ABrokenDocumentIsNotQuotedBecauseItMayHoldASecret) {
  EXPECT_THAT(refusal("{\"huggingface_api_token\":\"hf_secret\x01\"}"),
              AllOf(HasSubstr("not valid JSON at byte"), Not(HasSubstr("secret"))));
  EXPECT_THAT(refusal(R"({"key_secret":"hf_secret\u0001"})"),
              AllOf(HasSubstr("key_secret"), Not(HasSubstr("hf_secret"))));
}

TEST(ConfigJson, NamespacesStayInsideTheirPrefix) {
  const auto kept = [](const std::string& value) {
    return Config::from_json(nlohmann::json{{"namespace", value}}.dump()).name_space;
  };
  EXPECT_EQ(kept(""), "");
  EXPECT_EQ(kept("shop"), "shop/");
  EXPECT_EQ(kept("/a//b.c/"), "a/b.c/");
  EXPECT_EQ(kept("/"), "");
  for (const char* bad : {"..", "a/../b", ".", "a b", "a\\b", "é", "a:b"}) {
    EXPECT_THROW(kept(bad), Error) << bad;
  }
}

TEST(ConfigJson, ShowsEverySettingAndNoSecret) {
  Config config;
  config.key_secret = "s3cret";
  config.budget_usd_month_micro = 12'345'678;
  config.data_dir = "/data";
  const auto shown = nlohmann::json::parse(config.to_json());
  EXPECT_EQ(shown.size(), config::settings().size());
  EXPECT_EQ(shown["key_secret"], "***");
  EXPECT_EQ(shown["redis_url"], "");
  EXPECT_EQ(shown["budget_usd_month"].dump(), "12.345678");
  EXPECT_EQ(shown["data_dir"], "/data");
}

TEST(ConfigJson, ShowsWhereTheDataDirectoryIsWhenNobodySaid) {
  const auto shown = [] {
    return nlohmann::json::parse(Config{}.to_json())["data_dir"].get<std::string>();
  };
  {
    const testing::ScopedEnvironment environment({"XDG_DATA_HOME=/x", "HOME=/h"});
    EXPECT_EQ(shown(), "/x/bhashatts");
  }
  const testing::ScopedEnvironment environment({"XDG_DATA_HOME=relative", "HOME=/h"});
  EXPECT_EQ(shown(), "/h/.local/share/bhashatts");
}

TEST(ConfigJson, WhatIsShownCanBeReadBack) {
  Config config;
  config.data_dir = "/data";
  config.workers = 3;
  config.budget_usd_month_micro = 1;
  const Config again = Config::from_json(config.to_json());
  for (const auto& setting : config::settings()) {
    EXPECT_TRUE(
        std::visit([&](auto member) { return config.*member == again.*member; }, setting.member))
        << setting.name;
  }
}

}  // namespace
}  // namespace bhashatts
