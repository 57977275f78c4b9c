// A pthread key and not a thread_local's destructor: the latter's registration ends the process
// when it is out of memory.
#include "slot_cache.h"

#include <pthread.h>

#include <optional>

namespace bhashatts::c {

// Not inline: its address is then looked up once a use, not at each access.
SlotCache& SlotCache::own() noexcept {
  static thread_local constinit SlotCache cache;
  return cache;
}

bool SlotCache::begin(const CacheOwner& owner) noexcept {
  static const std::optional<pthread_key_t> key = []() -> std::optional<pthread_key_t> {
    pthread_key_t made{};
    if (::pthread_key_create(&made, [](void* cache) { end(cache); }) != 0) return std::nullopt;
    return made;
  }();
  if (!key || ::pthread_setspecific(*key, this) != 0) return false;
  owner_ = &owner;
  return true;
}

// What ends later on this thread may begin it again.
void SlotCache::end(void* ending) noexcept {
  auto& cache = *static_cast<SlotCache*>(ending);
  const CacheOwner* owner = cache.owner_;
  while (const std::uint32_t one = cache.take()) owner->push(one);
  cache.owner_ = nullptr;
}

}  // namespace bhashatts::c
