// From settings to the permanent store, the spool before it, and what hosts share.
//
// Thread rule: pure functions.
#pragma once

#include <memory>
#include <vector>

#include "engine/rooms.h"

namespace bhashatts::engine {

// Fills rooms.blobs, store_is_local, spool and check_store. Does no I/O but in the data directory.
// Raises config_invalid, storage_failed.
void open_store(Rooms& rooms, const Parts& parts);

// Fills rooms.hosts. Raises config_invalid for a REDIS_URL that cannot be.
void open_hosts(Rooms& rooms);

// The tiers behind memory and LMDB: the configured one, then the host program's.
std::vector<std::shared_ptr<CacheTier>> far_tiers(const Rooms& rooms, const Parts& parts);

}  // namespace bhashatts::engine
