// A store far away, made as safe and as near as the local disk: what is put is on disk when put
// returns, and is owed to the far store until it is there.
//
// Each debt is one self-describing file below `directory` (name, labels, bytes), so that nothing
// else need be in step with it: a catalog that was lost, a kill -9 between any two calls and days
// of outage leave the same debts. One process of many at a time pays them, oldest first.
//
// Thread rule: as BlobStore. After fork the child makes a new one of its own (engine/core.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/lock_file.h"
#include "bhashatts/blob_store.h"
#include "bhashatts/error.h"

namespace bhashatts::blob {

struct SpoolOptions {
  std::filesystem::path directory;
  std::int64_t max_bytes = std::int64_t{4} << 30;  // is_full() from here on
  // put_if_absent returns only when the far store has it (it is spooled before, so that nothing
  // that was paid for is lost when the far store refuses), and get() gives only what it has.
  bool write_through = false;
  std::chrono::milliseconds first_pause{1'000};  // after a failure; doubles to
  std::chrono::milliseconds longest_pause{300'000};
  // Which process uploads: whoever holds this lock.
  std::shared_ptr<LockFile> locks;
  std::uint64_t lock_offset = 0;
};

struct SpoolStatus {
  std::int64_t entries = 0;
  std::int64_t bytes = 0;
  std::chrono::seconds oldest{0};     // age of the oldest debt
  std::optional<Error> trouble = {};  // why the last upload failed; nothing since one succeeded
};

class SpooledStore : public BlobStore {
 public:
  virtual SpoolStatus spool_status() = 0;
  // Whether paid work should be refused until room was made.
  virtual bool is_full() = 0;
  // Waits until nothing is owed, or `until`; returns whether nothing is.
  virtual bool drain(std::chrono::steady_clock::time_point until) = 0;
};

// Begins to pay what is owed, on a thread of its own. Raises storage_failed, storage_read_only.
std::shared_ptr<SpooledStore> make_spooled_store(std::shared_ptr<BlobStore> far,
                                                 const SpoolOptions& options);

}  // namespace bhashatts::blob
