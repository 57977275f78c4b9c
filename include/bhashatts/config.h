// All settings of an engine, in one table with strict names.
//
// Thread rule: a value. Reading the environment is not safe beside threads that change it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/export.h"

namespace bhashatts {

// Each field: its name in JSON is the field's own; its name in the environment stands behind it.
struct BHASHATTS_API Config {
  // Behaviour.
  std::string data_dir;  // BHASHATTS_DATA_DIR; empty: $XDG_DATA_HOME/bhashatts
  std::string synthesizer =
      "auto";  // BHASHATTS_SYNTHESIZER: auto, huggingface, gradio, openai, espeak
  std::string default_voice_style = "storyteller";  // TTS_DEFAULT_VOICE_STYLE
  std::string voice_profile;  // BHASHATTS_VOICE_PROFILE; empty: what the data directory remembers
  std::string name_space;     // BHASHATTS_NAMESPACE (JSON "namespace"): prefix of objects
  std::string key_secret;     // BHASHATTS_KEY_SECRET: makes keys an HMAC; secret
  std::int64_t cache_ttl_seconds = 86'400;    // TTS_CACHE_TTL_SECONDS, 1 s to 10 years, from write
  std::int64_t default_timeout_ms = 360'000;  // BHASHATTS_TIMEOUT_MS: the guide's 3 x 120 s
  std::int64_t synthesis_timeout_ms = 120'000;  // BHASHATTS_SYNTHESIS_TIMEOUT_MS: one attempt
  std::int64_t drain_timeout_ms = 30'000;       // BHASHATTS_DRAIN_TIMEOUT_MS: close() waits so long
  std::int64_t usage_retention_days = 400;      // BHASHATTS_USAGE_RETENTION_DAYS
  bool enable_prewarming = false;  // TTS_ENABLE_PREWARMING: for hosts; the engine only reports it

  // espeak-ng.
  std::string espeak_program = "espeak-ng";  // BHASHATTS_ESPEAK_PROGRAM: a path, or found on PATH

  // The voice model, and how it is reached.
  std::string huggingface_api_token;  // HUGGINGFACE_API_TOKEN; secret; only ever sent to hosts of
                                      // Hugging Face
  std::string huggingface_account_type = "pro";         // HUGGINGFACE_ACCOUNT_TYPE: free, pro
  std::string model_id = "ai4bharat/indic-parler-tts";  // TTS_MODEL_ID
  std::string model_revision;  // BHASHATTS_MODEL_REVISION: part of every key where it is set
  std::string endpoint_url;    // BHASHATTS_ENDPOINT_URL; empty: where the synthesizer usually is
  std::string endpoint_token;  // BHASHATTS_ENDPOINT_TOKEN; secret; sent to endpoint_url's origin
  std::string fallback;        // BHASHATTS_FALLBACK: "gradio=https://host, espeak"; empty: none
  std::string ca_file;         // BHASHATTS_CA_FILE: PEM; empty: the system's authorities
  std::int64_t upstream_concurrency = 4;  // BHASHATTS_UPSTREAM_CONCURRENCY: calls at once, per host
  std::int64_t max_attempts = 3;          // BHASHATTS_MAX_ATTEMPTS
  bool retry_timeouts =
      true;               // BHASHATTS_RETRY_TIMEOUTS: a call that timed out may have been billed
  std::string price_usd;  // BHASHATTS_PRICE_USD: "0.00012/second + 0.001/call"; empty: the
                          // synthesizer's usual price
  std::int64_t budget_usd_month_micro = 0;  // BHASHATTS_BUDGET_USD_MONTH, dollars with up to six
                                            // decimals; 0: none

  // Shapes of requests and answers; names of JSON fields are separated by dots.
  std::string text_field = "inputs";                         // BHASHATTS_TEXT_FIELD
  std::string description_field = "parameters.description";  // BHASHATTS_DESCRIPTION_FIELD
  std::string language_field;                                // BHASHATTS_LANGUAGE_FIELD
  std::string seed_field;                                    // BHASHATTS_SEED_FIELD
  std::string audio_field = "audio";                         // BHASHATTS_AUDIO_FIELD
  std::string gradio_api_name = "generate_finetuned";        // BHASHATTS_GRADIO_API_NAME
  std::string gradio_arguments =
      R"(["{text}", "{description}"])";      // BHASHATTS_GRADIO_ARGUMENTS: a JSON list
  std::string openai_description = "voice";  // BHASHATTS_OPENAI_DESCRIPTION: voice, instructions,
                                             // both, nothing
  std::string openai_voice;                  // BHASHATTS_OPENAI_VOICE
  std::string openai_format = "wav";         // BHASHATTS_OPENAI_FORMAT: wav, flac, mp3, opus, pcm
  std::int64_t openai_pcm_rate = 0;  // BHASHATTS_OPENAI_PCM_RATE, Hz; 0: pcm is not understood

  // Sizes. Leave them alone unless the disk or the address space is small.
  std::int64_t cache_max_bytes = std::int64_t{2} << 30;  // BHASHATTS_CACHE_MAX_BYTES
  std::int64_t memory_max_entries = 8'192;  // BHASHATTS_MEMORY_MAX_ENTRIES: views, not copies
  std::int64_t min_free_bytes = std::int64_t{64} << 20;     // BHASHATTS_MIN_FREE_BYTES: less room
                                                            // on disk refuses new work
  std::int64_t catalog_map_bytes = std::int64_t{64} << 30;  // BHASHATTS_CATALOG_MAP_BYTES: sparse
  std::int64_t cache_map_bytes = std::int64_t{16} << 30;    // BHASHATTS_CACHE_MAP_BYTES: sparse
  std::int64_t workers = 0;  // BHASHATTS_WORKERS: threads that make speech; 0: the
                             // synthesizer's concurrency

  // What hosts share.
  std::string redis_url;  // REDIS_URL: redis, rediss, unix; empty: this host is alone; secret
  std::int64_t redis_timeout_ms = 50;  // BHASHATTS_REDIS_TIMEOUT_MS: one exchange; each MB adds 50

  // The permanent store, where it is not the data directory.
  std::string audio_storage_backend;    // AUDIO_STORAGE_BACKEND: with "s3" in it the bucket below;
                                        // empty or Django's FileSystemStorage: the data directory
  std::string aws_access_key_id;        // AWS_ACCESS_KEY_ID
  std::string aws_secret_access_key;    // AWS_SECRET_ACCESS_KEY; secret
  std::string aws_session_token;        // AWS_SESSION_TOKEN; secret
  std::string aws_storage_bucket_name;  // AWS_STORAGE_BUCKET_NAME
  std::string aws_s3_endpoint_url;      // AWS_S3_ENDPOINT_URL; empty: AWS
  std::string aws_s3_region_name = "auto";       // AWS_S3_REGION_NAME
  std::string aws_s3_addressing_style = "auto";  // AWS_S3_ADDRESSING_STYLE: auto, path, virtual
  std::string aws_default_acl;                   // AWS_DEFAULT_ACL; empty: none is sent
  bool aws_querystring_auth = false;             // AWS_QUERYSTRING_AUTH: urls are signed
  std::int64_t aws_querystring_expire = 3'600;   // AWS_QUERYSTRING_EXPIRE: seconds
  std::string aws_s3_custom_domain;              // AWS_S3_CUSTOM_DOMAIN: host name in urls
  std::int64_t s3_timeout_ms = 30'000;           // BHASHATTS_S3_TIMEOUT_MS: one call
  std::string durability = "local";              // BHASHATTS_DURABILITY: local, remote
  std::int64_t spool_max_bytes = std::int64_t{4} << 30;  // BHASHATTS_SPOOL_MAX_BYTES

  // Reads the process environment. Unknown names that begin with BHASHATTS_ are errors, others are
  // nobody's business. Raises config_invalid; the message names the setting, never its value when
  // it is a secret. A comment "# ..." behind a number is tolerated, as .env files carry them.
  static Config from_environment();
  // A JSON object of the names above over `base`. Unknown names and wrong types raise
  // config_invalid.
  static Config from_json(std::string_view json, Config base);
  static Config from_json(std::string_view json) { return from_json(json, Config{}); }
  // One setting by its JSON name, the value as the environment would spell it.
  void set(std::string_view name, std::string_view value);
  // The effective settings as a JSON object, secrets as "***" (or "" when unset).
  std::string to_json() const;
};

}  // namespace bhashatts
