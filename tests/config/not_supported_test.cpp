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
  for (const char* name : {"aws_storage_bucket_name", "aws_s3_endpoint_url", "aws_s3_region_name",
                           "aws_default_acl", "aws_s3_custom_domain"}) {
    EXPECT_THAT(refusal(name, "x"), HasSubstr(name));
  }
  EXPECT_THAT(refusal("aws_querystring_auth", "true"), HasSubstr("AWS_QUERYSTRING_AUTH"));
  EXPECT_THAT(refusal("durability", "remote"), HasSubstr("durability"));
}

TEST(NotSupported, CredentialsThatOtherProgramsExportAreNobodysBusiness) {
  accept("aws_access_key_id", "x");
  accept("aws_secret_access_key", "x");
}

TEST(NotSupported, EverySynthesizerIsCarriedOut) {
  for (const char* name : {"auto", "huggingface", "gradio", "openai", "espeak"}) {
    accept("synthesizer", name);
  }
  accept("budget_usd_month", "0.000001");
}

TEST(NotSupported, DjangosFileStorageIsTheFileStore) {
  accept("audio_storage_backend", "django.core.files.storage.FileSystemStorage");
  EXPECT_THAT(refusal("audio_storage_backend", "storages.backends.s3boto3.S3Boto3Storage"),
              HasSubstr("AUDIO_STORAGE_BACKEND"));
}

}  // namespace
}  // namespace bhashatts
