// Thread rule: pure functions.
#pragma once

#include <span>

#include "redis/redis.h"

namespace bhashatts::redis {

// Whether all of them may be sent once more where it is not known if they arrived: they do the same
// a second time, and answer the same as far as anyone here cares. Commands not known here are not.
bool repeatable(std::span<const Command> commands);

}  // namespace bhashatts::redis
