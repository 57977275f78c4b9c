// The tier that many hosts share.
//
// A value is the checked header of cache/entry_codec.h and the audio; TTL counts from write. Keys
// are "<namespace>bhashatts:audio:<key>"; redis_tier.cpp says how a language is cleared. A Redis
// that is slow or gone costs a request at most one command's time, then nothing until it is back.
//
// Thread rule: as CacheTier.
#pragma once

#include <memory>
#include <string>

#include "bhashatts/cache_tier.h"
#include "redis/redis.h"

namespace bhashatts::cache {

std::shared_ptr<CacheTier> make_redis_tier(std::shared_ptr<redis::Redis> redis,
                                           std::string name_space);

}  // namespace bhashatts::cache
