// The one place where a Config becomes implementations.
#include <algorithm>
#include <set>
#include <utility>

#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "bhashatts/text.h"
#include "bhashatts/voices.h"
#include "config/data_dir.h"
#include "config/table.h"
#include "engine/hosts.h"
#include "engine/open_store.h"
#include "engine/open_voices.h"
#include "engine/rooms.h"

namespace bhashatts::engine {
namespace {

constexpr std::string_view kDefaultProfile = "roster";
constexpr std::int64_t kProbeSlackMs = 60'000;  // a probe's lease, beyond the longest attempt

std::string checked_identity(const Synthesizer& synthesizer) {
  std::string identity = synthesizer.identity();
  if (!identity.empty() && identity.size() <= 256) return identity;
  throw Error(ErrorCode::config_invalid, "a synthesizer's identity must have 1 to 256 bytes");
}

std::shared_ptr<LockFile> open_locks(const DataDir& data) {
  return data.read_only() ? nullptr : LockFile::open(data / "locks");
}

// A directory remembers the profile that it was begun with: a new default must not change the voice
// of a library, nor buy it twice. Naming one explicitly is a choice, and is remembered in turn.
std::string settle_profile(catalog::Catalog& catalog, const Config& config, bool read_only) {
  const std::string remembered = catalog.voice_profile();
  std::string profile = !config.voice_profile.empty() ? config.voice_profile
                        : !remembered.empty()         ? remembered
                                                      : std::string(kDefaultProfile);
  get_voice_description(kDefaultLanguage, kDefaultVoiceStyle, profile);  // raises if unknown
  if (profile != remembered && !read_only) catalog.set_voice_profile(profile);
  return profile;
}

// Tables that are built on first use are built here, before there is a second thread: a child that
// was forked while another thread built one would wait for ever for it to be done (seen in one of
// some two hundred forks under load, in OpenSSL's fetch of SHA-256).
void build_tables() {
  KeyHasher().field("").finish();
  spoken_text("a");
  all_languages();
  is_mapped({});
}

// The cache may forget, so that it cannot be opened costs speed and no more.
std::unique_ptr<cache::LmdbTier> open_disk_tier(Rooms& rooms) {
  cache::LmdbTierOptions options{.directory = rooms.data / "cache",
                                 .max_bytes = rooms.config.cache_max_bytes,
                                 .map_bytes = rooms.config.cache_map_bytes,
                                 .read_only = rooms.data.read_only(),
                                 .blob_path = {}};
  if (rooms.store_is_local) {
    options.blob_path = [&rooms](const AudioMetadata& metadata) {
      return rooms.blobs->local_path(rooms.shelf->object_name(metadata.key, metadata.format))
          .value_or("");
    };
  }
  try {
    return cache::LmdbTier::open(std::move(options));
  } catch (const Error& error) {
    rooms.warnings.push_back(std::string("the disk cache is off: ") + error.what());
    log(LogLevel::warning, "engine", rooms.warnings.back());
    return nullptr;
  }
}

void open_shelf(Rooms& rooms) {
  rooms.catalog = catalog::Catalog::open({.directory = rooms.data / "catalog",
                                          .map_bytes = rooms.config.catalog_map_bytes,
                                          .read_only = rooms.data.read_only()});
  if (rooms.catalog->was_damaged()) {
    rooms.warnings.emplace_back("the catalog was damaged and set aside; it is being rebuilt");
  }
  rooms.shelf = std::make_unique<Shelf>(
      rooms.blobs, *rooms.catalog,
      ShelfOptions{.name_space = rooms.config.name_space,
                   .key_secret = rooms.config.key_secret,
                   .read_only = rooms.data.read_only(),
                   .shared = rooms.store_is_shared,
                   .far = rooms.store_is_shared && rooms.config.durability == "local"});
}

void open_tiers(Rooms& rooms, const Parts& parts) {
  auto disk = open_disk_tier(rooms);
  rooms.tiers = std::make_unique<TierStack>(
      std::make_unique<cache::MemoryTier>(rooms.generation, rooms.config.memory_max_entries),
      std::move(disk), far_tiers(rooms, parts),
      std::chrono::seconds(rooms.config.cache_ttl_seconds));
}

std::vector<std::shared_ptr<Synthesizer>> chain_of(const Config& config, const Parts& parts) {
  if (!parts.synthesizer) return open_synthesizers(config);
  std::vector<std::shared_ptr<Synthesizer>> chain{parts.synthesizer};
  chain.insert(chain.end(), parts.fallbacks.begin(), parts.fallbacks.end());
  return chain;
}

// The file's name gives the upstream no more away than its hash does.
std::unique_ptr<net::Breaker> open_breaker(const Rooms& rooms, const std::string& upstream) {
  if (upstream.empty() || rooms.data.read_only()) return nullptr;
  return std::make_unique<net::Breaker>(
      rooms.data / "upstreams" / KeyHasher().field(upstream).finish().hex(),
      net::BreakerPolicy{.probe_lease = std::chrono::milliseconds(
                             rooms.config.synthesis_timeout_ms + kProbeSlackMs)});
}

Voice open_voice(const Rooms& rooms, std::shared_ptr<Synthesizer> synthesizer) {
  Voice voice;
  voice.synthesizer = std::move(synthesizer);
  voice.identity = checked_identity(*voice.synthesizer);
  voice.upstream = voice.synthesizer->upstream();
  voice.breaker = open_breaker(rooms, voice.upstream);
  return voice;
}

void open_voices(Rooms& rooms, const Parts& parts) {
  for (auto& synthesizer : chain_of(rooms.config, parts)) {
    if (!synthesizer) throw Error(ErrorCode::config_invalid, "a fallback synthesizer is null");
    rooms.voices.push_back(open_voice(rooms, std::move(synthesizer)));
    // Two ways to the same voice are the same voice.
    rooms.voices.back().fallback = rooms.voices.back().identity != rooms.voice().identity;
  }
}

void open_planners(Rooms& rooms) {
  for (std::size_t place = 0; place < rooms.voices.size(); ++place) {
    rooms.voices[place].planner = std::make_unique<Planner>(
        PlannerOptions{place, rooms.voices[place].identity,
                       rooms.voices[place].synthesizer->limits().max_aksharas, rooms.voice_profile,
                       rooms.config.default_voice_style, rooms.config.key_secret},
        *rooms.catalog, *rooms.generation);
  }
}

// Two of one name would move the same cursor, and each miss what the other was given.
void take_sinks(Rooms& rooms, const Parts& parts) {
  std::set<std::string> names;
  for (const auto& sink : parts.event_sinks) {
    if (!sink) throw Error(ErrorCode::bad_request, "an event sink is null");
    const auto [name, is_new] = names.insert(sink->name());
    if (!is_new) throw Error(ErrorCode::bad_request, "two event sinks are named " + *name);
  }
  rooms.sinks = parts.event_sinks;
}

// Not less because callers wait for less: work that is paid for goes on without them.
std::chrono::milliseconds total_of(const Config& config) {
  const std::chrono::milliseconds all(config.max_attempts * config.synthesis_timeout_ms);
  const auto waits = net::RetryPolicy{}.longest * (config.max_attempts - 1);
  return std::max(std::chrono::milliseconds(config.default_timeout_ms), all + waits);
}

AttemptTerms terms_of(const Config& config) {
  return {.retry = {.max_attempts = static_cast<int>(config.max_attempts),
                    .repeat_timeouts = config.retry_timeouts},
          .each = std::chrono::milliseconds(config.synthesis_timeout_ms),
          .total = total_of(config)};
}

}  // namespace

std::unique_ptr<Rooms> open_rooms(Config config, const Parts& parts) {
  build_tables();
  config::validate(config);
  auto rooms = std::make_unique<Rooms>(
      config, DataDir::open(config::resolved_data_dir(config), config.min_free_bytes));
  rooms->config.data_dir = rooms->data.root().string();
  open_voices(*rooms, parts);
  take_sinks(*rooms, parts);
  rooms->locks = open_locks(rooms->data);
  rooms->generation = std::make_shared<SharedCounter>(rooms->data / "generation");
  if (rooms->locks) {
    rooms->presence = std::make_unique<Presence>(rooms->data / "live", rooms->locks);
  }
  open_hosts(*rooms);
  open_store(*rooms, parts);
  open_shelf(*rooms);
  rooms->voice_profile = settle_profile(*rooms->catalog, config, rooms->data.read_only());
  open_tiers(*rooms, parts);
  open_planners(*rooms);
  rooms->gate = std::make_unique<Gate>(*rooms->catalog);
  rooms->attempts = std::make_unique<Attempts>(
      Purse{*rooms->catalog, config.budget_usd_month_micro, rooms->hosts->budget()}, *rooms->gate,
      terms_of(config));
  return rooms;
}

}  // namespace bhashatts::engine
