// Which permanent store a Config asks for, checked as a whole.
//
// Thread rule: pure functions.
#pragma once

#include "bhashatts/config.h"

namespace bhashatts::config {

// Files in the data directory, unless audio_storage_backend names S3: the guide's programs set the
// AWS_ names for other purposes too. Raises config_invalid for a backend that is neither.
bool wants_bucket(const Config& config);

// Raises config_invalid where a bucket is wanted and the bucket, or a key, or its secret is not
// named, or where durability is remote without one.
void require_whole_store(const Config& config);

}  // namespace bhashatts::config
