#include "config/not_supported.h"

#include <string>

#include "bhashatts/error.h"
#include "config/table.h"

namespace bhashatts::config {
namespace {

// Many machines export these for other programs; without a bucket they ask nothing of us.
bool is_aws_credential(const Setting& setting) {
  return setting.name == "aws_access_key_id" || setting.name == "aws_secret_access_key";
}

bool is_file_storage(const std::string& backend) {
  return backend == "django.core.files.storage.FileSystemStorage";
}

bool is_carried_out(const Config& config, const Setting& setting) {
  if (!setting.later || is_default(config, setting)) return true;
  if (is_aws_credential(setting)) return true;
  return setting.name == "audio_storage_backend" && is_file_storage(config.audio_storage_backend);
}

}  // namespace

void require_supported(const Config& config) {
  for (const Setting& setting : settings()) {
    if (is_carried_out(config, setting)) continue;
    throw Error(ErrorCode::not_supported,
                std::string(setting.name) + " (" + std::string(setting.env) +
                    "): this version does not carry it out yet; unset it");
  }
}

}  // namespace bhashatts::config
