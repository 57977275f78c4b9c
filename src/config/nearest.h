// "Did you mean ...?" for names that are not known.
#pragma once

#include <string>
#include <string_view>

#include "config/table.h"

namespace bhashatts::config {

// " (did you mean X?)" with the name that is fewest edits away from `unknown`, or "" when none is
// near.
std::string did_you_mean(std::string_view unknown, std::string_view Setting::*field);

// A name from outside, fit for a message: odd bytes as '?', at most 64 of them.
std::string printable_name(std::string_view name);

}  // namespace bhashatts::config
