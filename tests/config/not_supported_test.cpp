#include "config/not_supported.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/raised.h"

namespace bhashatts {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::raised;

// The refusal of a default Config with one setting changed.
std::string refusal(std::string_view name, std::string_view value) {
  Config config;
  config.set(name, value);
  return raised(ErrorCode::not_supported, [&] { config::require_supported(config); });
}

void accept(std::string_view name, std::string_view value) {
  Config config;
  config.set(name, value);
  EXPECT_NO_THROW(config::require_supported(config)) << name;
}

TEST(NotSupported, TheDefaultsAreCarriedOut) {
  EXPECT_NO_THROW(config::require_supported(Config{}));
}

TEST(NotSupported, WhatLaterVersionsDoIsRefusedByName) {
  EXPECT_THAT(refusal("redis_url", "redis://localhost"),
              AllOf(HasSubstr("redis_url (REDIS_URL)"), HasSubstr("unset it")));
  for (const char* name :
       {"endpoint_url", "aws_storage_bucket_name", "aws_s3_endpoint_url", "aws_s3_region_name",
        "aws_default_acl", "aws_s3_custom_domain", "huggingface_api_token"}) {
    EXPECT_THAT(refusal(name, "x"), HasSubstr(name));
  }
  EXPECT_THAT(refusal("aws_querystring_auth", "true"), HasSubstr("AWS_QUERYSTRING_AUTH"));
  EXPECT_THAT(refusal("durability", "remote"), HasSubstr("durability"));
  EXPECT_THAT(refusal("budget_usd_month", "0.000001"), HasSubstr("budget_usd_month"));
}

TEST(NotSupported, CredentialsThatOtherProgramsExportAreNobodysBusiness) {
  accept("aws_access_key_id", "x");
  accept("aws_secret_access_key", "x");
}

TEST(NotSupported, OnlyEspeakSpeaks) {
  for (const char* name : {"huggingface", "gradio", "openai"}) {
    EXPECT_THAT(refusal("synthesizer", name), HasSubstr("BHASHATTS_SYNTHESIZER"));
  }
  accept("synthesizer", "espeak");
}

TEST(NotSupported, ATokenDoesNoHarmWhereEspeakIsNamed) {
  Config config;
  config.synthesizer = "espeak";
  config.huggingface_api_token = "hf_x";
  config.model_id = "other/model";
  EXPECT_NO_THROW(config::require_supported(config));
}

TEST(NotSupported, DjangosFileStorageIsTheFileStore) {
  accept("audio_storage_backend", "django.core.files.storage.FileSystemStorage");
  EXPECT_THAT(refusal("audio_storage_backend", "storages.backends.s3boto3.S3Boto3Storage"),
              HasSubstr("AUDIO_STORAGE_BACKEND"));
}

}  // namespace
}  // namespace bhashatts
