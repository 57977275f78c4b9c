#include "engine/presence.h"

#include <charconv>
#include <system_error>
#include <utility>

#include "base/files.h"

namespace bhashatts::engine {

namespace fs = std::filesystem;

Presence::Presence(fs::path directory, std::shared_ptr<LockFile> locks)
    : directory_(std::move(directory)), locks_(std::move(locks)), token_(locks_->lock_any()) {
  ensure_directory(directory_);
  find_dead();
  // The lock is taken before the file is there: nobody can take us for dead in between.
  mine_ = directory_ / std::to_string(token_.offset());
  write_new_file(mine_, {}, Sync::none);
}

Presence::~Presence() {
  std::error_code ignored;
  fs::remove(mine_, ignored);
}

void Presence::find_dead() {
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(directory_, ignored)) {
    const std::string digits = file.path().filename().string();
    std::uint64_t token = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), token);
    if (!locks_->is_locked(token)) dead_.push_back(file.path());
  }
}

void Presence::bury() {
  std::error_code ignored;
  for (const fs::path& file : dead_) fs::remove(file, ignored);
  dead_.clear();
}

}  // namespace bhashatts::engine
