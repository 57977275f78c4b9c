// What stands in the table of settings.
//
// Thread rule: a pure function.
#pragma once

#include <vector>

#include "config/table.h"

namespace bhashatts::config {

// Builds all rows; table.cpp keeps them.
std::vector<Setting> all_rows();

}  // namespace bhashatts::config
