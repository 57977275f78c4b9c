// One line to the host's log; a line below the sink's level costs one relaxed load.
#pragma once

#include <string_view>

#include "bhashatts/log.h"

namespace bhashatts {

bool log_enabled(LogLevel level) noexcept;
void log(LogLevel level, std::string_view component, std::string_view message) noexcept;

}  // namespace bhashatts
