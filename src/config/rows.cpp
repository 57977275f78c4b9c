// The rows stand in the order of Config's fields, which is the order of to_json() and of the docs.
// Ranges are there to catch a wrong unit (seconds for milliseconds, megabytes for bytes), not to
// teach taste, so they are wide.
#include "config/rows.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "bhashatts/voices.h"

namespace bhashatts::config {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kTenYearsSeconds = 3'650LL * 86'400;
constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kPiB = std::int64_t{1} << 50;
constexpr std::int64_t kMapMost = std::int64_t{1} << 46;  // half of a user's address space
constexpr std::int64_t kMillionDollars = 1'000'000'000'000;

std::vector<std::string> style_names() {
  std::vector<std::string> names;
  for (const VoiceStyle& style : voice_styles()) names.push_back(style.name);
  return names;
}

std::vector<std::string> profile_names() {
  const auto profiles = voice_profiles();
  return {profiles.begin(), profiles.end()};
}

Setting text(std::string_view name, std::string_view env, std::string Config::*member,
             std::string_view meaning) {
  return {.name = name, .env = env, .member = member, .choices = {}, .meaning = meaning};
}

Setting choice(std::string_view name, std::string_view env, std::string Config::*member,
               std::vector<std::string> choices, std::string_view meaning) {
  Setting setting = text(name, env, member, meaning);
  setting.kind = Kind::choice;
  setting.choices = std::move(choices);
  return setting;
}

Setting number(std::string_view name, std::string_view env, std::int64_t Config::*member,
               std::int64_t least, std::int64_t most, std::string_view meaning) {
  return {.name = name,
          .env = env,
          .kind = Kind::integer,
          .member = member,
          .least = least,
          .most = most,
          .choices = {},
          .meaning = meaning};
}

Setting boolean(std::string_view name, std::string_view env, bool Config::*member,
                std::string_view meaning) {
  return {.name = name,
          .env = env,
          .kind = Kind::boolean,
          .member = member,
          .choices = {},
          .meaning = meaning};
}

Setting secret(Setting setting) {
  setting.secret = true;
  return setting;
}

Setting of_kind(Kind kind, Setting setting) {
  setting.kind = kind;
  return setting;
}

std::vector<Setting> behaviour_settings() {
  return {
      text("data_dir", "BHASHATTS_DATA_DIR", &Config::data_dir,
           "where everything is kept; empty: `bhashatts` in the XDG data home"),
      choice("synthesizer", "BHASHATTS_SYNTHESIZER", &Config::synthesizer,
             {"auto", "huggingface", "gradio", "openai", "espeak"},
             "what makes the speech; auto: Hugging Face where a token or an address is set, else "
             "espeak"),
      choice("default_voice_style", "TTS_DEFAULT_VOICE_STYLE", &Config::default_voice_style,
             style_names(), "the style of requests that name none"),
      choice("voice_profile", "BHASHATTS_VOICE_PROFILE", &Config::voice_profile, profile_names(),
             "which set of voice descriptions; empty: what the data directory remembers"),
      of_kind(Kind::prefix,
              text("namespace", "BHASHATTS_NAMESPACE", &Config::name_space,
                   "prefix of the names of stored objects; a `/` is added at its end")),
      secret(text("key_secret", "BHASHATTS_KEY_SECRET", &Config::key_secret,
                  "makes keys an HMAC, so that nobody can guess an object's name from its text")),
      number("cache_ttl_seconds", "TTS_CACHE_TTL_SECONDS", &Config::cache_ttl_seconds, 1,
             kTenYearsSeconds, "how long tiers keep audio, from its writing"),
      number("default_timeout_ms", "BHASHATTS_TIMEOUT_MS", &Config::default_timeout_ms, 1, kDayMs,
             "how long a caller waits for speech"),
      number("synthesis_timeout_ms", "BHASHATTS_SYNTHESIS_TIMEOUT_MS",
             &Config::synthesis_timeout_ms, 1, kDayMs, "how long one synthesis may take"),
      number("drain_timeout_ms", "BHASHATTS_DRAIN_TIMEOUT_MS", &Config::drain_timeout_ms, 0, kDayMs,
             "how long closing waits for speech that is being made"),
      number("usage_retention_days", "BHASHATTS_USAGE_RETENTION_DAYS",
             &Config::usage_retention_days, 1, 36'500, "how long usage events are kept"),
      boolean("enable_prewarming", "TTS_ENABLE_PREWARMING", &Config::enable_prewarming,
              "for hosts: saving a story queues its prewarm; the engine only reports it"),
      text("espeak_program", "BHASHATTS_ESPEAK_PROGRAM", &Config::espeak_program,
           "espeak-ng: a path, or a name that is found on PATH"),
  };
}

std::vector<Setting> size_settings() {
  return {
      number("cache_max_bytes", "BHASHATTS_CACHE_MAX_BYTES", &Config::cache_max_bytes, 0, kPiB,
             "most audio that the LMDB tier keeps"),
      number("memory_max_entries", "BHASHATTS_MEMORY_MAX_ENTRIES", &Config::memory_max_entries, 0,
             100'000'000, "most entries of the memory tier, which are views, not copies"),
      number("min_free_bytes", "BHASHATTS_MIN_FREE_BYTES", &Config::min_free_bytes, 0, kPiB,
             "less room than this on the disk refuses new speech; hits go on"),
      number("catalog_map_bytes", "BHASHATTS_CATALOG_MAP_BYTES", &Config::catalog_map_bytes, kMiB,
             kMapMost, "most that the catalog can ever hold; sparse"),
      number("cache_map_bytes", "BHASHATTS_CACHE_MAP_BYTES", &Config::cache_map_bytes, kMiB,
             kMapMost, "most that the LMDB tier's index can ever hold; sparse"),
      number("workers", "BHASHATTS_WORKERS", &Config::workers, 0, 1'024,
             "threads that make speech; 0: as many as the synthesizer bears"),
  };
}

std::vector<Setting> voice_settings() {
  return {
      secret(text("huggingface_api_token", "HUGGINGFACE_API_TOKEN", &Config::huggingface_api_token,
                  "the account's token; only ever sent to hosts of Hugging Face")),
      choice("huggingface_account_type", "HUGGINGFACE_ACCOUNT_TYPE",
             &Config::huggingface_account_type, {"free", "pro"},
             "the account's kind; only ever reported"),
      text("model_id", "TTS_MODEL_ID", &Config::model_id, "the voice model"),
      text("model_revision", "BHASHATTS_MODEL_REVISION", &Config::model_revision,
           "the model's revision; part of every key, so that a new one makes everything anew"),
      text("endpoint_url", "BHASHATTS_ENDPOINT_URL", &Config::endpoint_url,
           "where the synthesizer is reached; empty: the Hugging Face router, or AI4Bharat's Space "
           "for gradio"),
      secret(text("endpoint_token", "BHASHATTS_ENDPOINT_TOKEN", &Config::endpoint_token,
                  "sent to `endpoint_url` and nowhere else")),
      of_kind(Kind::chain, text("fallback", "BHASHATTS_FALLBACK", &Config::fallback,
                                "who speaks when the synthesizer cannot; empty: nobody")),
      text("ca_file", "BHASHATTS_CA_FILE", &Config::ca_file,
           "certificates (PEM) that are trusted; empty: the system's"),
      number("upstream_concurrency", "BHASHATTS_UPSTREAM_CONCURRENCY",
             &Config::upstream_concurrency, 1, 1'024,
             "calls at once to one upstream, from all processes of the host"),
      number("max_attempts", "BHASHATTS_MAX_ATTEMPTS", &Config::max_attempts, 1, 100,
             "how often one utterance is tried before its request fails"),
      boolean("retry_timeouts", "BHASHATTS_RETRY_TIMEOUTS", &Config::retry_timeouts,
              "whether a call that timed out, and may have been billed, is made again"),
      of_kind(Kind::price,
              text("price_usd", "BHASHATTS_PRICE_USD", &Config::price_usd,
                   "what a call costs; empty: 0.00012/second for huggingface, nothing for others")),
      of_kind(Kind::dollars,
              number("budget_usd_month", "BHASHATTS_BUDGET_USD_MONTH",
                     &Config::budget_usd_month_micro, 0, kMillionDollars,
                     "most that a month (UTC) may cost, in US dollars; 0: no budget")),
  };
}

std::vector<Setting> shape_settings() {
  return {
      text("text_field", "BHASHATTS_TEXT_FIELD", &Config::text_field,
           "huggingface: JSON field of the text, names separated by dots"),
      text("description_field", "BHASHATTS_DESCRIPTION_FIELD", &Config::description_field,
           "huggingface: JSON field of the voice description; `-`: not sent"),
      text("language_field", "BHASHATTS_LANGUAGE_FIELD", &Config::language_field,
           "huggingface: JSON field of the language; empty: not sent"),
      text("seed_field", "BHASHATTS_SEED_FIELD", &Config::seed_field,
           "huggingface: JSON field of a seed; empty: not sent"),
      text("audio_field", "BHASHATTS_AUDIO_FIELD", &Config::audio_field,
           "huggingface: JSON field of the audio in an answer"),
      text("gradio_api_name", "BHASHATTS_GRADIO_API_NAME", &Config::gradio_api_name,
           "gradio: the function that is called"),
      text("gradio_arguments", "BHASHATTS_GRADIO_ARGUMENTS", &Config::gradio_arguments,
           "gradio: a JSON list of what it is called with; {text}, {description}, {language} and "
           "{seed} stand for what they name"),
      choice("openai_description", "BHASHATTS_OPENAI_DESCRIPTION", &Config::openai_description,
             {"voice", "instructions", "both", "nothing"},
             "openai: where the voice description goes"),
      text("openai_voice", "BHASHATTS_OPENAI_VOICE", &Config::openai_voice,
           "openai: a voice's name, where the description does not take its place"),
      choice("openai_format", "BHASHATTS_OPENAI_FORMAT", &Config::openai_format,
             {"wav", "flac", "mp3", "opus", "pcm"}, "openai: the format that is asked for"),
      number("openai_pcm_rate", "BHASHATTS_OPENAI_PCM_RATE", &Config::openai_pcm_rate, 0, 192'000,
             "openai: Hz of headerless 16-bit mono, for openai_format pcm"),
  };
}

std::vector<Setting> redis_settings() {
  return {
      secret(text(
          "redis_url", "REDIS_URL", &Config::redis_url,
          "redis://, rediss:// (TLS) or unix://: the tier, the turns and the budget that hosts "
          "share; empty: this host is alone")),
      number("redis_timeout_ms", "BHASHATTS_REDIS_TIMEOUT_MS", &Config::redis_timeout_ms, 1, kDayMs,
             "how long one exchange with Redis may take; each megabyte of audio adds 50"),
  };
}

std::vector<Setting> s3_settings() {
  return {
      text("audio_storage_backend", "AUDIO_STORAGE_BACKEND", &Config::audio_storage_backend,
           "empty or Django's FileSystemStorage: files in the data directory; a name with `s3` in "
           "it (storages.backends.s3boto3.S3Boto3Storage): the bucket below"),
      text("aws_access_key_id", "AWS_ACCESS_KEY_ID", &Config::aws_access_key_id, "S3 or R2 key"),
      secret(text("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", &Config::aws_secret_access_key,
                  "S3 or R2 secret")),
      secret(text("aws_session_token", "AWS_SESSION_TOKEN", &Config::aws_session_token,
                  "of temporary keys")),
      text("aws_storage_bucket_name", "AWS_STORAGE_BUCKET_NAME", &Config::aws_storage_bucket_name,
           "the bucket"),
      text("aws_s3_endpoint_url", "AWS_S3_ENDPOINT_URL", &Config::aws_s3_endpoint_url,
           "where the bucket is reached; empty: AWS"),
      text("aws_s3_region_name", "AWS_S3_REGION_NAME", &Config::aws_s3_region_name,
           "the bucket's region; auto: `auto` at R2, else us-east-1"),
      choice("aws_s3_addressing_style", "AWS_S3_ADDRESSING_STYLE", &Config::aws_s3_addressing_style,
             {"auto", "path", "virtual"},
             "where the bucket's name stands; auto: in the host name at AWS, else in the path"),
      text("aws_default_acl", "AWS_DEFAULT_ACL", &Config::aws_default_acl,
           "access rule sent with new objects; empty: none is sent"),
      boolean("aws_querystring_auth", "AWS_QUERYSTRING_AUTH", &Config::aws_querystring_auth,
              "whether URLs of objects are signed"),
      number("aws_querystring_expire", "AWS_QUERYSTRING_EXPIRE", &Config::aws_querystring_expire, 1,
             604'800, "seconds that a signed URL works"),
      text("aws_s3_custom_domain", "AWS_S3_CUSTOM_DOMAIN", &Config::aws_s3_custom_domain,
           "host name in URLs of objects: of a CDN before the bucket"),
      number("s3_timeout_ms", "BHASHATTS_S3_TIMEOUT_MS", &Config::s3_timeout_ms, 1, kDayMs,
             "how long one call to the bucket may take"),
      choice("durability", "BHASHATTS_DURABILITY", &Config::durability, {"local", "remote"},
             "where new audio must be safe before it is answered; remote: in the bucket, for hosts "
             "whose disk does not last"),
      number("spool_max_bytes", "BHASHATTS_SPOOL_MAX_BYTES", &Config::spool_max_bytes, 0, kPiB,
             "most audio that may be owed to the bucket; more refuses new speech, hits go on"),
  };
}

}  // namespace

std::vector<Setting> all_rows() {
  std::vector<Setting> all = behaviour_settings();
  for (auto* group : {voice_settings, shape_settings, size_settings, redis_settings, s3_settings}) {
    auto rows = group();
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace bhashatts::config
