// Some free slots that a thread keeps for itself, so that a hit need not meet other threads at the
// free list. There is one table with that many objects, so there is one cache a thread.
//
// They go back to the list when the thread ends. Where the system will not tell us of its end, the
// thread keeps none.
//
// Thread rule: each thread has its own.
#pragma once

#include <array>
#include <cstdint>

namespace bhashatts::c {

// Where a cache's slots go in the end.
struct CacheOwner {
  void (*push)(std::uint32_t one) noexcept;
};

class SlotCache {
 public:
  static SlotCache& own() noexcept;

  // 0: there is none.
  std::uint32_t take() noexcept { return count_ == 0 ? 0 : slots_[--count_]; }
  // False where it is full, or must not keep any.
  bool put(std::uint32_t one, const CacheOwner& owner) noexcept {
    const std::uint32_t count = count_;
    if (count == slots_.size() || (owner_ == nullptr && !begin(owner))) return false;
    slots_[count] = one;
    count_ = count + 1;
    return true;
  }

 private:
  bool begin(const CacheOwner& owner) noexcept;
  static void end(void* cache) noexcept;

  std::uint32_t count_ = 0;
  std::array<std::uint32_t, 15> slots_{};
  const CacheOwner* owner_ = nullptr;
};

}  // namespace bhashatts::c
