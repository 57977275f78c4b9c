// The permanent store on a local disk: a directory tree whose paths are the objects' names.
#pragma once

#include <filesystem>
#include <memory>

#include "bhashatts/blob_store.h"

namespace bhashatts::blob {

// root: made when absent, unless read_only. url() gives file:// URLs.
std::shared_ptr<BlobStore> make_file_store(const std::filesystem::path& root,
                                           bool read_only = false);

// Removes temporary files that dead writers left; spares those of live ones. Returns how many.
std::int64_t sweep_file_store(const std::filesystem::path& root);

}  // namespace bhashatts::blob
