// Cleaning up: what expired, and what a dead process left half done.
//
// Thread rule: any thread; spares what live processes have in hand.
#pragma once

#include "engine/rooms.h"

namespace bhashatts::engine {

// Expired cache entries, slots of dead readers, events past their retention.
void sweep_routine(Rooms& rooms);

// That, and: temporary files, reservations of dead processes (they count as spent), masters and
// speeches in the local store that no record knows (adopted, or removed when they can be made again
// for nothing). Walks the whole store: only after a crash.
void sweep_after_crash(Rooms& rooms);

}  // namespace bhashatts::engine
