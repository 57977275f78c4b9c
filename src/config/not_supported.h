// The line between what parses and what this version carries out.
#pragma once

#include "bhashatts/config.h"

namespace bhashatts::config {

// Raises not_supported, naming the setting, for the first one that asks for more than this version
// does: an engine that ignored it would keep audio elsewhere, or spend more, than it was told to.
void require_supported(const Config& config);

}  // namespace bhashatts::config
