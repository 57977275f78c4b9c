#include "engine/open_store.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/hash.h"
#include "base/log.h"
#include "blob/file_store.h"
#include "blob/patient_store.h"
#include "blob/s3_store.h"
#include "blob/spooled_store.h"
#include "cache/redis_tier.h"
#include "config/store.h"
#include "engine/hosts.h"
#include "net/http_client.h"

namespace bhashatts::engine {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// Offset in the lock file of the one process that uploads; beside upkeep.cpp's.
constexpr std::uint64_t kUploadLock = 2;
// A store that is not there is to be known within the time of a short call.
constexpr milliseconds kConnectTimeout{3'000};

blob::S3Options::Style style_of(const Config& config) {
  using Style = blob::S3Options::Style;
  if (config.aws_s3_addressing_style == "path") return Style::path;
  return config.aws_s3_addressing_style == "virtual" ? Style::virtual_host : Style::automatic;
}

std::shared_ptr<blob::S3Store> open_bucket(const Config& config) {
  const blob::S3Options options{.endpoint = config.aws_s3_endpoint_url,
                                .region = config.aws_s3_region_name,
                                .bucket = config.aws_storage_bucket_name,
                                .access_key_id = config.aws_access_key_id,
                                .secret_access_key = config.aws_secret_access_key,
                                .session_token = config.aws_session_token,
                                .custom_domain = config.aws_s3_custom_domain,
                                .acl = config.aws_default_acl,
                                .sign_urls = config.aws_querystring_auth,
                                .url_lifetime = std::chrono::seconds(config.aws_querystring_expire),
                                .style = style_of(config),
                                .timeout = milliseconds(config.s3_timeout_ms)};
  return blob::make_s3_store(options, net::make_http_client({.ca_file = config.ca_file,
                                                             .connect_timeout = kConnectTimeout}));
}

// A bucket is told by its address, so that what is owed to one is never paid to another.
std::string spool_of(const Config& config) {
  return "spool/" + KeyHasher()
                        .field(config.aws_s3_endpoint_url)
                        .field(config.aws_storage_bucket_name)
                        .finish()
                        .hex();
}

bool holds_debts(const fs::path& spool) {
  std::error_code ignored;
  const fs::directory_iterator files(spool, ignored);
  return std::any_of(fs::begin(files), fs::end(files),
                     [](const auto& file) { return file.path().extension() == ".owed"; });
}

// Of a bucket that was configured before, by mistake perhaps.
void warn_of_other_spools(Rooms& rooms) {
  std::error_code ignored;
  const fs::path ours = rooms.spool ? rooms.data / spool_of(rooms.config) : fs::path();
  for (const auto& other : fs::directory_iterator(rooms.data / "spool", ignored)) {
    if (other.path() == ours || !holds_debts(other.path())) continue;
    rooms.warnings.push_back(
        "the spool holds audio that is owed to another endpoint or bucket (" +
        other.path().string() + "): configure that one again until it is uploaded" +
        (ours.empty() ? "" : ", or move the files *.owed to " + ours.string()));
  }
}

void open_far_store(Rooms& rooms) {
  const auto bucket = open_bucket(rooms.config);
  const std::string spool = spool_of(rooms.config);
  rooms.check_store = [bucket] { bucket->check(); };
  rooms.store_is_shared = true;
  const fs::path breaker =
      rooms.data.read_only() ? fs::path{} : rooms.data / "upstreams" / fs::path(spool).filename();
  rooms.blobs = blob::make_patient_store(
      bucket, {.breaker_file = breaker, .longest_call = milliseconds(rooms.config.s3_timeout_ms)});
  if (rooms.data.read_only()) return;
  rooms.spool =
      blob::make_spooled_store(rooms.blobs, {.directory = rooms.data / spool,
                                             .max_bytes = rooms.config.spool_max_bytes,
                                             .write_through = rooms.config.durability == "remote",
                                             .locks = rooms.locks,
                                             .lock_offset = kUploadLock});
  rooms.blobs = rooms.spool;
}

}  // namespace

void open_store(Rooms& rooms, const Parts& parts) {
  config::require_whole_store(rooms.config);
  if (parts.blob_store) {
    rooms.blobs = parts.blob_store;
  } else if (config::wants_bucket(rooms.config)) {
    open_far_store(rooms);
  } else {
    rooms.blobs = blob::make_file_store(rooms.data / "blobs", rooms.data.read_only());
    rooms.store_is_local = true;
  }
  warn_of_other_spools(rooms);
}

void open_hosts(Rooms& rooms) {
  std::shared_ptr<redis::Redis> redis;
  if (!rooms.config.redis_url.empty()) {
    const milliseconds timeout(rooms.config.redis_timeout_ms);
    redis = std::make_shared<redis::Redis>(redis::RedisOptions{
        .url = rooms.config.redis_url,
        .ca_file = rooms.config.ca_file,
        .connect_timeout = timeout,
        .command_timeout = timeout,
        .breaker_file =
            rooms.data.read_only() ? std::filesystem::path{} : rooms.data / "upstreams" / "redis"});
  }
  rooms.hosts = std::make_unique<Hosts>(std::move(redis), rooms.config.name_space);
}

std::vector<std::shared_ptr<CacheTier>> far_tiers(const Rooms& rooms, const Parts& parts) {
  std::vector<std::shared_ptr<CacheTier>> tiers;
  if (rooms.hosts->redis()) {
    tiers.push_back(cache::make_redis_tier(rooms.hosts->redis(), rooms.config.name_space));
  }
  tiers.insert(tiers.end(), parts.tiers.begin(), parts.tiers.end());
  return tiers;
}

}  // namespace bhashatts::engine
