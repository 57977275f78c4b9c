// Which permanent store is asked for, as the guide's environment names it.
#include "config/store.h"

#include <gtest/gtest.h>

#include "tests/support/raised.h"

namespace bhashatts::config {
namespace {

Config with_bucket() {
  Config config;
  config.audio_storage_backend = "storages.backends.s3boto3.S3Boto3Storage";
  config.aws_storage_bucket_name = "audio";
  config.aws_access_key_id = "id";
  config.aws_secret_access_key = "secret";
  return config;
}

std::string refusal(const Config& config) {
  return testing::raised(ErrorCode::config_invalid, [&] { require_whole_store(config); });
}

TEST(Store, IsFilesUnlessTheBackendNamesS3) {
  Config config;
  EXPECT_FALSE(wants_bucket(config));
  config.audio_storage_backend = "django.core.files.storage.FileSystemStorage";
  config.aws_storage_bucket_name = "of-another-program";
  EXPECT_FALSE(wants_bucket(config));
  for (const char* backend :
       {"storages.backends.s3boto3.S3Boto3Storage", "storages.backends.s3.S3Storage", "S3"}) {
    config.audio_storage_backend = backend;
    EXPECT_TRUE(wants_bucket(config)) << backend;
  }
}

TEST(Store, ABackendThatIsNeitherIsRefused) {
  Config config;
  config.audio_storage_backend = "storages.backends.gcloud.GoogleCloudStorage";
  EXPECT_NE(refusal(config).find("AUDIO_STORAGE_BACKEND"), std::string::npos);
}

TEST(Store, ABucketNeedsItsNameAndKeys) {
  EXPECT_NO_THROW(require_whole_store(with_bucket()));
  for (auto member : {&Config::aws_storage_bucket_name, &Config::aws_access_key_id,
                      &Config::aws_secret_access_key}) {
    Config config = with_bucket();
    config.*member = "";
    EXPECT_NE(refusal(config).find("must be set"), std::string::npos);
  }
}

TEST(Store, OnlyABucketCanBeWaitedFor) {
  Config config;
  config.durability = "remote";
  EXPECT_NE(refusal(config).find("BHASHATTS_DURABILITY"), std::string::npos);
  config = with_bucket();
  config.durability = "remote";
  EXPECT_NO_THROW(require_whole_store(config));
}

}  // namespace
}  // namespace bhashatts::config
