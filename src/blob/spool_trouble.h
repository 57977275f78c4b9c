// Why the last upload failed, for whoever asks on this host: the process that uploads notes it in a
// small file, and `status` is mostly another process.
//
// Thread rule: any thread. note() is for the process that uploads.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "bhashatts/error.h"

namespace bhashatts::blob {

class SpoolTrouble {
 public:
  explicit SpoolTrouble(std::filesystem::path file) : file_(std::move(file)) {}

  // Nothing: all is well. The note is lost when the disk refuses it; others then see none.
  void note(const std::optional<Error>& trouble) noexcept;
  std::optional<Error> last() const;

 private:
  void write(const Error& trouble) const;

  const std::filesystem::path file_;
  mutable Mutex mutex_;
  std::optional<Error> noted_ GUARDED_BY(mutex_);
};

std::string encode_trouble(const Error& trouble);
// Trusts nothing; nothing where it is no such note.
std::optional<Error> decode_trouble(std::string_view note);

}  // namespace bhashatts::blob
