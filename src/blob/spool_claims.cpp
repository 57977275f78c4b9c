#include "blob/spool_claims.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace bhashatts::blob {
namespace {

using std::chrono::steady_clock;

// How soon the end of another process's claim is noticed; one of our own wakes at once.
constexpr std::chrono::milliseconds kLook{20};

}  // namespace

SpoolClaims::Claim::~Claim() {
  if (from_ == nullptr) return;
  lock_.reset();
  {
    MutexLock lock(from_->mutex_);
    ++from_->releases_;
  }
  from_->released_.notify_all();
}

std::optional<SpoolClaims::Claim> SpoolClaims::try_claim(std::string_view leaf) {
  auto lock = locks_->try_lock(xxh3_64(leaf));
  if (!lock) return std::nullopt;
  return Claim(*this, std::move(*lock));
}

std::optional<SpoolClaims::Claim> SpoolClaims::claim(std::string_view leaf,
                                                     steady_clock::time_point until) {
  for (;;) {
    std::uint64_t seen = 0;
    {
      MutexLock lock(mutex_);
      seen = releases_;
    }
    if (auto claim = try_claim(leaf)) return claim;
    const auto now = steady_clock::now();
    if (now >= until) return std::nullopt;
    MutexLock lock(mutex_);
    while (releases_ == seen) {
      if (!released_.wait_until(mutex_, std::min<steady_clock::time_point>(until, now + kLook))) {
        break;
      }
    }
  }
}

}  // namespace bhashatts::blob
