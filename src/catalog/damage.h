// What LMDB's file says of itself, and how to ask whether it can be read without reading it here:
// see opening.h.
//
// Thread rule: any thread.
#pragma once

#include <filesystem>

#include "base/lmdb.h"

namespace bhashatts::catalog {

// Whether data.mdb is at least as long as its own header says. Raises storage_newer for the file
// format of a newer LMDB.
bool is_whole(const std::filesystem::path& env_directory);

// Reads every page that holds data, in a child process; false when the child died of it or found
// pages that LMDB refuses. Raises storage_failed where three children in turn did not come to an
// end (10 s and 1 s more for each 10 MB): damage is never concluded from time.
bool survives_examination(const lmdb::EnvOptions& options);

// Renames the environment's directory; returns the new name.
std::filesystem::path set_aside(const std::filesystem::path& env_directory);

}  // namespace bhashatts::catalog
