#include "config/not_supported.h"

#include <string>

#include "bhashatts/error.h"
#include "config/table.h"

namespace bhashatts::config {
namespace {

// The account's facts change nothing while another synthesizer is named: a machine that has a token
// may still ask for espeak.
bool is_account_fact(const Setting& setting) {
  return setting.name == "huggingface_api_token" || setting.name == "model_id";
}

// Many machines export these for other programs; without a bucket they ask nothing of us.
bool is_aws_credential(const Setting& setting) {
  return setting.name == "aws_access_key_id" || setting.name == "aws_secret_access_key";
}

bool is_file_storage(const std::string& backend) {
  return backend == "django.core.files.storage.FileSystemStorage";
}

bool is_carried_out(const Config& config, const Setting& setting) {
  if (setting.name == "synthesizer") {
    return config.synthesizer == "auto" || config.synthesizer == "espeak";
  }
  if (!setting.later || is_default(config, setting)) return true;
  if (is_aws_credential(setting)) return true;
  if (is_account_fact(setting)) return config.synthesizer == "espeak";
  if (setting.name == "huggingface_account_type") return true;  // only ever reported
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
