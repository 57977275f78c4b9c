#include "engine/rooms.h"

#include <utility>

#include "bhashatts/error.h"
#include "blob/spooled_store.h"
#include "engine/hosts.h"

namespace bhashatts::engine {

Rooms::Rooms(Config wanted, DataDir directory)
    : config(std::move(wanted)), data(std::move(directory)) {}

Rooms::~Rooms() = default;

void Rooms::require_room() {
  data.require_room();
  if (!spool || !spool->is_full()) return;
  throw Error(ErrorCode::storage_full,
              "the spool is full (BHASHATTS_SPOOL_MAX_BYTES): nothing new is made until the bucket "
              "takes what is owed to it; see bhashatts status",
              true);
}

}  // namespace bhashatts::engine
