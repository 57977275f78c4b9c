#include "engine/sweep.h"

#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "blob/file_store.h"

namespace bhashatts::engine {
namespace {

constexpr std::string_view kComponent = "sweep";

using Object = std::pair<Key, AudioFormat>;

std::vector<Object> without_record(Rooms& rooms) {
  std::vector<Object> unknown;
  rooms.blobs->list(rooms.shelf->prefix(), [&](const BlobInfo& info) {
    const auto object = rooms.shelf->parse_name(info.name);
    if (object && !rooms.catalog->utterance(object->first) &&
        !rooms.catalog->speech(object->first)) {
      unknown.push_back(*object);
    }
    return true;
  });
  return unknown;
}

// Masters first: a page's speech is adopted with its master. The lock of the audio's own key says
// whether a live process is between writing the object and its record.
void adopt_unknown(Rooms& rooms) {
  auto unknown = without_record(rooms);
  for (const bool masters : {true, false}) {
    for (const auto& [key, format] : unknown) {
      if ((format == AudioFormat::flac) != masters) continue;
      const auto lock = rooms.locks->try_lock(std::hash<Key>{}(key));
      if (lock) rooms.shelf->adopt_or_remove(key, format);
    }
  }
}

}  // namespace

void sweep_ledger(Rooms& rooms) {
  const std::int64_t orphaned = rooms.catalog->orphan_reservations();
  if (orphaned == 0) return;
  log(LogLevel::warning, kComponent,
      std::to_string(orphaned) + " attempts that a process left unsettled count as spent");
}

void sweep_routine(Rooms& rooms) {
  sweep_ledger(rooms);
  if (auto* disk = rooms.tiers->disk()) disk->sweep();
  constexpr std::int64_t kDayMs = 86'400'000;
  rooms.catalog->expire_events(unix_ms() - rooms.config.usage_retention_days * kDayMs);
}

void sweep_after_crash(Rooms& rooms) {
  // It may have died of the catalog. The dead are not buried then: who opens next sweeps again.
  if (!rooms.catalog->examine()) {
    log(LogLevel::error, kComponent, "the catalog is damaged; it is rebuilt at the next opening");
    return;
  }
  if (rooms.store_is_local) {
    blob::sweep_file_store(rooms.data / "blobs");
    adopt_unknown(rooms);
  }
  sweep_routine(rooms);
  rooms.presence->bury();
}

}  // namespace bhashatts::engine
