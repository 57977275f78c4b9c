// The rows stand in the order of Config's fields, which is the order of to_json() and of the docs.
// Ranges are there to catch a wrong unit (seconds for milliseconds, megabytes for bytes), not to
// teach taste, so they are wide.
#include "config/table.h"

#include <algorithm>

#include "bhashatts/error.h"
#include "bhashatts/voices.h"
#include "config/values.h"

namespace bhashatts::config {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kTenYearsSeconds = 3'650LL * 86'400;
constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kPiB = std::int64_t{1} << 50;
constexpr std::int64_t kMapMost = std::int64_t{1} << 46;  // half of a user's address space
constexpr std::int64_t kMillionDollars = 1'000'000'000'000;
constexpr std::size_t kLongestText = 4'096;

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

Setting later(Setting setting) {
  setting.later = true;
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
             "what makes the speech; auto: Hugging Face where a token is set, else espeak"),
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

std::vector<Setting> upstream_settings() {
  return {
      secret(later(text("huggingface_api_token", "HUGGINGFACE_API_TOKEN",
                        &Config::huggingface_api_token, "the account's token"))),
      later(choice("huggingface_account_type", "HUGGINGFACE_ACCOUNT_TYPE",
                   &Config::huggingface_account_type, {"free", "pro"}, "the account's kind")),
      later(text("model_id", "TTS_MODEL_ID", &Config::model_id, "the voice model")),
      later(text("endpoint_url", "BHASHATTS_ENDPOINT_URL", &Config::endpoint_url,
                 "where the synthesizer is reached")),
      secret(later(text("redis_url", "REDIS_URL", &Config::redis_url, "the Redis tier"))),
      later(text("audio_storage_backend", "AUDIO_STORAGE_BACKEND", &Config::audio_storage_backend,
                 "empty or Django's FileSystemStorage: files in the data directory")),
      later(text("aws_access_key_id", "AWS_ACCESS_KEY_ID", &Config::aws_access_key_id,
                 "S3 or R2 key")),
      secret(later(text("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY",
                        &Config::aws_secret_access_key, "S3 or R2 secret"))),
      later(text("aws_storage_bucket_name", "AWS_STORAGE_BUCKET_NAME",
                 &Config::aws_storage_bucket_name, "the bucket")),
      later(text("aws_s3_endpoint_url", "AWS_S3_ENDPOINT_URL", &Config::aws_s3_endpoint_url,
                 "where the bucket is reached")),
      later(text("aws_s3_region_name", "AWS_S3_REGION_NAME", &Config::aws_s3_region_name,
                 "the bucket's region")),
      later(text("aws_default_acl", "AWS_DEFAULT_ACL", &Config::aws_default_acl,
                 "access rule sent with new objects")),
      later(boolean("aws_querystring_auth", "AWS_QUERYSTRING_AUTH", &Config::aws_querystring_auth,
                    "whether URLs of objects are signed")),
      later(text("aws_s3_custom_domain", "AWS_S3_CUSTOM_DOMAIN", &Config::aws_s3_custom_domain,
                 "host name in URLs of objects")),
      later(choice("durability", "BHASHATTS_DURABILITY", &Config::durability, {"local", "remote"},
                   "where new audio must be safe before it is answered")),
      later(of_kind(
          Kind::dollars,
          number("budget_usd_month", "BHASHATTS_BUDGET_USD_MONTH", &Config::budget_usd_month_micro,
                 0, kMillionDollars, "most that a month may cost, in US dollars; 0: no budget"))),
  };
}

std::vector<Setting> all_settings() {
  std::vector<Setting> all = behaviour_settings();
  for (auto* group : {size_settings, upstream_settings}) {
    auto rows = group();
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
  }
  return all;
}

[[noreturn]] void refuse(const Setting& setting, std::string_view called) {
  throw Error(ErrorCode::config_invalid,
              std::string(called) + " must be " + expected_form(setting));
}

bool in_range(const Setting& setting, std::int64_t value) {
  return value >= setting.least && value <= setting.most;
}

// What `value` means for a setting that is kept as text; nothing where it is malformed.
std::optional<std::string> parse_text(const Setting& setting, std::string_view value) {
  if (value.size() > kLongestText || has_control(value)) return std::nullopt;
  if (setting.kind == Kind::prefix) return parse_prefix(value);
  if (setting.kind != Kind::choice) return std::string(setting.secret ? trimmed(value) : value);
  const bool known = std::ranges::find(setting.choices, value) != setting.choices.end();
  return known ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<std::int64_t> parse_number(const Setting& setting, std::string_view value) {
  const auto number =
      setting.kind == Kind::dollars ? parse_micro_dollars(value) : parse_integer(value);
  return number && in_range(setting, *number) ? number : std::nullopt;
}

// The three kinds of member, each with its parser.
struct Assigner {
  Config& config;
  const Setting& setting;
  std::string_view value;
  std::string_view called;

  void operator()(std::string Config::*member) const { store(member, parse_text(setting, value)); }
  void operator()(std::int64_t Config::*member) const {
    store(member, parse_number(setting, value));
  }
  void operator()(bool Config::*member) const { store(member, parse_bool(value)); }

  template <typename T>
  void store(T Config::*member, std::optional<T> parsed) const {
    if (!parsed) refuse(setting, called);
    config.*member = *std::move(parsed);
  }
};

struct Validator {
  Config& config;
  const Setting& setting;

  void operator()(std::string Config::*member) const {
    const std::string value = config.*member;
    assign(config, setting, value, setting.name);
  }
  void operator()(std::int64_t Config::*member) const {
    if (!in_range(setting, config.*member)) refuse(setting, setting.name);
  }
  void operator()(bool Config::*) const {}
};

std::string joined(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
  return list;
}

template <typename Field>
const Setting* find(std::string_view wanted, Field Setting::*field) {
  const auto rows = settings();
  const auto found = std::ranges::find(rows, wanted, field);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::span<const Setting> settings() {
  static const std::vector<Setting> table = all_settings();
  return table;
}

const Setting* find_by_name(std::string_view name) { return find(name, &Setting::name); }
const Setting* find_by_env(std::string_view env) { return find(env, &Setting::env); }

void assign(Config& config, const Setting& setting, std::string_view value,
            std::string_view called) {
  if (trimmed(value).empty()) {
    std::visit([&](auto member) { config.*member = Config{}.*member; }, setting.member);
    return;
  }
  std::visit(Assigner{config, setting, value, called}, setting.member);
}

bool is_default(const Config& config, const Setting& setting) {
  return std::visit([&](auto member) { return config.*member == Config{}.*member; },
                    setting.member);
}

std::string expected_form(const Setting& setting) {
  switch (setting.kind) {
    case Kind::text: return "text without control characters, at most 4096 bytes";
    case Kind::prefix:
      return "letters, digits, '.', '_', '-' and '/', without '.' or '..' between slashes, at most "
             "200 bytes";
    case Kind::choice: return "one of: " + joined(setting.choices);
    case Kind::boolean: return "true or false (or 1, 0, yes, no, on, off)";
    case Kind::integer:
      return "a whole number from " + std::to_string(setting.least) + " to " +
             std::to_string(setting.most);
    case Kind::dollars:
      return "US dollars with at most six decimals, from " + dollars(setting.least) + " to " +
             dollars(setting.most);
  }
  return {};
}

void validate(Config& config) {
  for (const Setting& setting : settings()) std::visit(Validator{config, setting}, setting.member);
}

}  // namespace bhashatts::config
