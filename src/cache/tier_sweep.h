// Housekeeping of the LMDB tier: what may take seconds and runs behind.
//
// Thread rule: any thread; raise Error (6xx).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "cache/tier_core.h"

namespace bhashatts::cache {

std::int64_t sweep(TierCore& core);
std::int64_t verify(TierCore& core, bool repair,
                    const std::function<void(const Key&, const std::string&)>& bad);
std::int64_t clear(TierCore& core, const CacheFilter& filter);

}  // namespace bhashatts::cache
