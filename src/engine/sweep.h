// Cleaning up: what expired, and what a dead process left half done.
//
// Thread rule: any thread; spares what live processes have in hand.
#pragma once

#include "engine/rooms.h"

namespace bhashatts::engine {

// Reservations whose process is gone, dead or not (a full disk may have kept it from settling
// them), count as spent. Cheap: only what is open is read.
void sweep_ledger(Rooms& rooms);

// That, and expired cache entries, slots of dead readers, events past their retention.
void sweep_routine(Rooms& rooms);

// That, and: temporary files, masters and speeches in the local store that no record knows
// (adopted, or removed when they can be made again for nothing). Walks the whole store: only after
// a crash.
void sweep_after_crash(Rooms& rooms);

}  // namespace bhashatts::engine
