#include "config/store.h"

#include <algorithm>
#include <string>

#include "bhashatts/error.h"

namespace bhashatts::config {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool names(std::string backend, std::string_view word) {
  std::ranges::transform(backend, backend.begin(), lower);
  return backend.find(word) != std::string::npos;
}

void require(const std::string& value, const char* name) {
  if (!value.empty()) return;
  throw Error(ErrorCode::config_invalid,
              std::string("audio_storage_backend names S3, so ") + name + " must be set");
}

}  // namespace

bool wants_bucket(const Config& config) {
  const std::string& backend = config.audio_storage_backend;
  if (names(backend, "s3")) return true;
  if (backend.empty() || names(backend, "filesystemstorage")) return false;
  throw Error(ErrorCode::config_invalid,
              "audio_storage_backend (AUDIO_STORAGE_BACKEND): name "
              "storages.backends.s3boto3.S3Boto3Storage or "
              "django.core.files.storage.FileSystemStorage, or leave it empty");
}

void require_whole_store(const Config& config) {
  if (wants_bucket(config)) {
    require(config.aws_storage_bucket_name, "AWS_STORAGE_BUCKET_NAME");
    require(config.aws_access_key_id, "AWS_ACCESS_KEY_ID");
    require(config.aws_secret_access_key, "AWS_SECRET_ACCESS_KEY");
  } else if (config.durability == "remote") {
    throw Error(ErrorCode::config_invalid,
                "durability=remote (BHASHATTS_DURABILITY) needs a bucket: set "
                "AUDIO_STORAGE_BACKEND and the AWS_ settings");
  }
}

}  // namespace bhashatts::config
