// What a host may put in the place of the configured parts, or beside them.
//
// Thread rule: a value; the parts state their own.
#pragma once

#include <memory>
#include <vector>

#include "bhashatts/blob_store.h"
#include "bhashatts/cache_tier.h"
#include "bhashatts/event_sink.h"
#include "bhashatts/synthesizer.h"

namespace bhashatts {

// Parts that replace or join the configured ones.
struct Parts {
  std::shared_ptr<Synthesizer> synthesizer;  // null: as configured
  // Asked in order when `synthesizer` cannot speak; used only where that is given.
  std::vector<std::shared_ptr<Synthesizer>> fallbacks;
  std::vector<std::shared_ptr<CacheTier>> tiers;  // asked after memory and LMDB, in order
  std::shared_ptr<BlobStore> blob_store;          // null: as configured
  std::vector<std::shared_ptr<EventSink>> event_sinks;
};

}  // namespace bhashatts
