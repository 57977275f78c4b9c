// Whether an LMDB file is whole, found out without LMDB: see the head of lmdb_check.cpp.
// For files whose databases hold plain keys and values (no duplicates, no integer keys).
//
// Thread rule: functions without state.
#pragma once

#include <lmdb.h>

#include <cstddef>
#include <filesystem>

namespace bhashatts::lmdb {

enum class Soundness {
  whole,        // every page was looked at
  partly_seen,  // what was looked at is whole: all branch pages, and leaves up to the limit
  damaged,
};

// The two meta pages of a data file, before LMDB opens it. A file that is absent or empty is sound.
bool metas_are_sound(const std::filesystem::path& data_file);

// Walks the snapshot that the read transaction `txn` holds, at most max_leaves leaf pages of it.
Soundness check_pages(MDB_txn* txn, const std::filesystem::path& data_file, std::size_t max_leaves);

}  // namespace bhashatts::lmdb
