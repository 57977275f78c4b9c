// Who is at a debt just now: a debt's file leaves its name only by the hand that holds its claim.
//
// That one rule orders everything: an upload in flight holds the claim, so a removal waits for its
// end and finds in the far store what it must remove; nothing that was removed is uploaded after.
// Putting needs no claim, because it only makes what is not there.
//
// Thread rule: any thread. A claim excludes threads and processes, and ends with its process.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/lock_file.h"
#include "base/mutex.h"

namespace bhashatts::blob {

class SpoolClaims {
 public:
  class Claim {
   public:
    Claim(Claim&& other) noexcept
        : from_(std::exchange(other.from_, nullptr)), lock_(std::move(other.lock_)) {}
    Claim& operator=(Claim&&) = delete;
    ~Claim();

   private:
    friend class SpoolClaims;
    Claim(SpoolClaims& from, LockFile::Lock lock) : from_(&from), lock_(std::move(lock)) {}

    SpoolClaims* from_;  // null: moved from
    std::optional<LockFile::Lock> lock_;
  };

  // Makes the file. Raises storage_failed, storage_read_only.
  explicit SpoolClaims(const std::filesystem::path& file) : locks_(LockFile::open(file)) {}

  // leaf: the name of the debt's file. Nothing when somebody else has it.
  std::optional<Claim> try_claim(std::string_view leaf);
  // Waits for it; nothing when `until` has passed.
  std::optional<Claim> claim(std::string_view leaf, std::chrono::steady_clock::time_point until);

 private:
  std::shared_ptr<LockFile> locks_;
  Mutex mutex_;
  CondVar released_;
  std::uint64_t releases_ GUARDED_BY(mutex_) = 0;
};

}  // namespace bhashatts::blob
