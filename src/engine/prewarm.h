// Speaking stories ahead of time: every page once, several at a time, resumable by nature (what is
// there is a hit).
#pragma once

#include <span>

#include "engine/core.h"

namespace bhashatts::engine {

PrewarmReport prewarm(Core& core, std::span<const Story> stories, const PrewarmOptions& options);

}  // namespace bhashatts::engine
