// Where the data directory is when no setting says so.
#pragma once

#include <string>

#include "bhashatts/config.h"

namespace bhashatts::config {

// config.data_dir, else $XDG_DATA_HOME/bhashatts, else ~/.local/share/bhashatts. Empty when there
// is no home. A relative XDG_DATA_HOME is ignored, as the XDG specification demands.
std::string resolved_data_dir(const Config& config);

}  // namespace bhashatts::config
