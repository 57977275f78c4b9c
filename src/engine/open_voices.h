// From settings to the chain of synthesizers: the one file that knows which there are.
//
// Thread rule: pure functions.
#pragma once

#include <memory>
#include <vector>

#include "bhashatts/config.h"
#include "bhashatts/synthesizer.h"

namespace bhashatts::engine {

// The configured synthesizer, then those of Config::fallback. Does no I/O. Raises config_invalid
// for a token, URL, field or chain that cannot be.
std::vector<std::shared_ptr<Synthesizer>> open_synthesizers(const Config& config);

}  // namespace bhashatts::engine
