// What a handle is: a number that names a kind of object, a slot and the slot's generation. Never
// an address, so that a stale, foreign or made-up one is found out and not followed.
//
//   63..56 kind   55..24 generation   23..0 slot
//
// The kind stands where no address of a user's has bits, so that a handle is not taken for one by
// who looks at memory (Go's collector does). A slot's word holds its generation and how many refer
// to the object: the handle itself, and each call that is using it. So a destroy on another thread
// is harmless: the object goes with the last call that uses it.
//
// A hit through C may cost 15 % more than through C++, which is 40 ns; an instruction that locks
// takes 8. Hence no mutex and no shared_ptr (two of them for each of the five steps of a hit), but
// one to pin an object and one to let it go; and none to glance at what never changes, and none to
// take a slot and to give it back, where a thread keeps some for itself. And nothing is ever
// locked, so that a forked child finds no lock that nobody will open: it loses at most some slots
// that other threads were about to use. A slot whose 2^31 generations are used up is never used
// again.
//
// Memory of slots is never given back, so that looking at an old number is always allowed.
//
// Thread rule: any thread.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "slot_cache.h"

namespace bhashatts::c {

static_assert(sizeof(void*) == 8, "a handle's parts take 64 bits");

enum class Kind : std::uint8_t {
  config = 0xB1,
  engine = 0xB2,
  speech = 0xB3,
  stream = 0xB4,
  timings = 0xB5,
  string = 0xB6,
  cancel = 0xB7,
  reply = 0xB8,
  stop = 0xB9,
  visit = 0xBA,
  log = 0xBB,
};

struct Handle {
  static constexpr unsigned kSlotBits = 24;
  static constexpr unsigned kKindShift = 56;

  static std::uint64_t value(Kind kind, std::uint32_t slot, std::uint32_t generation) noexcept {
    return std::uint64_t{static_cast<std::uint8_t>(kind)} << kKindShift |
           std::uint64_t{generation} << kSlotBits | slot;
  }
  static Kind kind(std::uint64_t value) noexcept { return static_cast<Kind>(value >> kKindShift); }
  static std::uint32_t generation(std::uint64_t value) noexcept {
    return static_cast<std::uint32_t>(value >> kSlotBits);
  }
  static std::uint32_t slot(std::uint64_t value) noexcept {
    return static_cast<std::uint32_t>(value) & ((1U << kSlotBits) - 1);
  }
};

// What of an object can be seen without a pin: a trivial struct that is filled when the object is
// made. An object type that has one names it Glance, and has `void show(Glance&) const noexcept`.
template <typename T, typename = void>
struct GlanceOf {
  struct Type {};
  static constexpr std::size_t kWords = 0;
};
template <typename T>
struct GlanceOf<T, std::void_t<typename T::Glance>> {
  using Type = typename T::Glance;
  static_assert(std::is_trivially_copyable_v<Type> && sizeof(Type) % 8 == 0);
  static constexpr std::size_t kWords = sizeof(Type) / 8;
};

// All objects of one type. T has `static constexpr Kind kKind` and a destructor that does not
// throw.
template <typename T>
class Table {
  struct Slot;
  static constexpr std::size_t kWords = GlanceOf<T>::kWords;
  using Glance = typename GlanceOf<T>::Type;

 public:
  // Keeps an object from going while it is in use. Empty where the handle names none.
  class Pin {
   public:
    Pin() = default;
    Pin(Slot* slot, std::uint32_t number) noexcept : slot_(slot), number_(number) {}
    Pin(Pin&& other) noexcept
        : slot_(std::exchange(other.slot_, nullptr)), number_(other.number_) {}
    Pin& operator=(Pin&&) = delete;
    ~Pin() {
      if (slot_ != nullptr) table_of().release(*slot_, number_);
    }
    explicit operator bool() const noexcept { return slot_ != nullptr; }
    T& operator*() const noexcept { return slot_->object(); }
    T* operator->() const noexcept { return &slot_->object(); }

   private:
    Slot* slot_ = nullptr;
    std::uint32_t number_ = 0;
  };

  // Makes an object of what make() returns, where it will stay, and its handle. Raises bad_alloc,
  // and what make raises.
  template <typename Make>
  std::uint64_t add_made(const Make& make) {
    const std::uint32_t number = take();
    Slot& slot = at(number);
    try {
      ::new (static_cast<void*>(slot.storage.data())) T(make());
    } catch (...) {
      give_back(slot, number);
      throw;
    }
    if constexpr (kWords > 0) show(slot);
    const std::uint64_t alive = (slot.word.load(std::memory_order_relaxed) >> kReferenceBits) + 1;
    slot.word.store(alive << kReferenceBits | 1U, std::memory_order_release);
    return Handle::value(T::kKind, number, static_cast<std::uint32_t>(alive >> 1U));
  }

  [[gnu::always_inline]] Pin pin(std::uint64_t value) noexcept {
    const std::uint32_t number = Handle::slot(value);
    Slot* slot = named(value, number);
    if (slot == nullptr) return {};
    std::uint64_t word = slot->word.load(std::memory_order_relaxed);
    do {
      if (word >> kReferenceBits != generation_of(value)) return {};
    } while (!slot->word.compare_exchange_weak(word, word + 1, std::memory_order_acquire,
                                               std::memory_order_relaxed));
    return Pin(slot, number);
  }

  // What can be seen of the object without a pin. Nothing where the handle names none, and where it
  // was retired meanwhile: who reads by acquire a word of the next object sees its generation too.
  std::optional<Glance> glance(std::uint64_t value) noexcept {
    Slot* slot = named(value, Handle::slot(value));
    if (slot == nullptr) return std::nullopt;
    std::array<std::uint64_t, kWords> words;
    for (std::size_t i = 0; i < kWords; ++i) {
      words[i] = slot->glance[i].load(std::memory_order_acquire);
    }
    const bool alive =
        slot->word.load(std::memory_order_acquire) >> kReferenceBits == generation_of(value);
    return alive ? std::optional(std::bit_cast<Glance>(words)) : std::nullopt;
  }

  // From now on the handle names nothing. False where it did not name anything before.
  bool retire(std::uint64_t value) noexcept {
    const std::uint32_t number = Handle::slot(value);
    Slot* slot = named(value, number);
    if (slot == nullptr) return false;
    std::uint64_t word = slot->word.load(std::memory_order_relaxed);
    constexpr std::uint64_t kNextGeneration = std::uint64_t{1} << kReferenceBits;
    do {
      if (word >> kReferenceBits != generation_of(value)) return false;
    } while (!slot->word.compare_exchange_weak(
        word, word + kNextGeneration - 1, std::memory_order_acq_rel, std::memory_order_relaxed));
    if (static_cast<std::uint32_t>(word) == 1) end(*slot, number);
    return true;
  }

 private:
  static constexpr unsigned kChunkBits = 8;
  static constexpr std::uint32_t kChunkSize = 1U << kChunkBits;
  static constexpr std::uint32_t kChunks = 1U << 14U;
  static constexpr std::uint32_t kSlots = kChunks * kChunkSize;  // 4 million alive at once
  static constexpr unsigned kReferenceBits = 32;  // of a slot's word; its generation is above them
  static constexpr std::uint32_t kLastGeneration = 0xFFFF'FFFEU;
  static constexpr bool kCached = kWords > 0;  // of what there is one a hit

  struct alignas(64) Slot {
    // Generation, references. A generation that is odd is an object's; the first is not 0, so that
    // a bare kind is no handle.
    std::atomic<std::uint64_t> word{std::uint64_t{2} << kReferenceBits};
    std::atomic<std::uint32_t> next{0};  // in the free list: number + 1
    std::array<std::atomic<std::uint64_t>, kWords> glance{};
    alignas(T) std::array<std::byte, sizeof(T)> storage;

    T& object() noexcept { return *std::launder(reinterpret_cast<T*>(storage.data())); }
  };

  // Of a slot that is there.
  Slot& at(std::uint32_t number) noexcept {
    return chunks_[number >> kChunkBits].load(std::memory_order_acquire)[number % kChunkSize];
  }
  // Null where there is no such slot; whether it is the object's, its generation tells.
  Slot* named(std::uint64_t value, std::uint32_t number) noexcept {
    if (Handle::kind(value) != T::kKind || number >= kSlots) return nullptr;
    Slot* chunk = chunks_[number >> kChunkBits].load(std::memory_order_acquire);
    return chunk == nullptr ? nullptr : chunk + number % kChunkSize;
  }
  // What the slot of this handle's object says. An odd generation is alive; the handle leaves that
  // bit out.
  static std::uint64_t generation_of(std::uint64_t value) noexcept {
    return std::uint64_t{Handle::generation(value)} << 1U | 1U;
  }

  void show(Slot& slot) noexcept {
    Glance glance;
    slot.object().show(glance);
    const auto words = std::bit_cast<std::array<std::uint64_t, kWords>>(glance);
    for (std::size_t i = 0; i < kWords; ++i) {
      slot.glance[i].store(words[i], std::memory_order_release);
    }
  }

  void release(Slot& slot, std::uint32_t number) noexcept {
    const std::uint64_t before = slot.word.fetch_sub(1, std::memory_order_acq_rel);
    if (static_cast<std::uint32_t>(before) == 1) end(slot, number);
  }
  void end(Slot& slot, std::uint32_t number) noexcept {
    slot.object().~T();
    give_back(slot, number);
  }

  std::uint32_t take() {
    if constexpr (kCached) {
      if (const std::uint32_t one = SlotCache::own().take(); one != 0) return one - 1;
    }
    const std::uint32_t one = pop();
    return one != 0 ? one - 1 : fresh();
  }
  void give_back(Slot& slot, std::uint32_t number) noexcept {
    if (slot.word.load(std::memory_order_relaxed) >> kReferenceBits >= kLastGeneration) return;
    if constexpr (kCached) {
      static constinit CacheOwner owner{[](std::uint32_t one) noexcept { table_of().push(one); }};
      if (SlotCache::own().put(number + 1, owner)) return;
    }
    push(number + 1);
  }
  static Table& table_of() noexcept;

  // The free list. Its tag counts, so that a head that came back is not taken for one that stayed.
  std::uint32_t pop() noexcept {
    std::uint64_t head = free_.load(std::memory_order_acquire);
    while (static_cast<std::uint32_t>(head) != 0) {
      const std::uint32_t next =
          at(static_cast<std::uint32_t>(head) - 1).next.load(std::memory_order_relaxed);
      const std::uint64_t then = ((head >> 32U) + 1) << 32U | next;
      if (free_.compare_exchange_weak(head, then, std::memory_order_acq_rel)) break;
    }
    return static_cast<std::uint32_t>(head);
  }
  void push(std::uint32_t one) noexcept {
    Slot& slot = at(one - 1);
    std::uint64_t head = free_.load(std::memory_order_relaxed);
    std::uint64_t then = 0;
    do {
      slot.next.store(static_cast<std::uint32_t>(head), std::memory_order_relaxed);
      then = ((head >> 32U) + 1) << 32U | one;
    } while (!free_.compare_exchange_weak(head, then, std::memory_order_acq_rel));
  }

  // Never used before.
  std::uint32_t fresh() {
    std::uint32_t number = used_.load(std::memory_order_relaxed);
    do {
      if (number >= kSlots) throw std::bad_alloc();
    } while (!used_.compare_exchange_weak(number, number + 1, std::memory_order_relaxed));
    std::atomic<Slot*>& chunk = chunks_[number >> kChunkBits];
    if (chunk.load(std::memory_order_acquire) == nullptr) make(chunk);
    return number;
  }
  static void make(std::atomic<Slot*>& chunk) {
    auto slots = std::make_unique<Slot[]>(kChunkSize);
    Slot* none = nullptr;
    if (chunk.compare_exchange_strong(none, slots.get(), std::memory_order_acq_rel)) {
      slots.release();  // NOLINT(bugprone-unused-return-value): `chunks_` has it
    }
  }

  std::array<std::atomic<Slot*>, kChunks> chunks_{};
  std::atomic<std::uint32_t> used_{0};
  alignas(64) std::atomic<std::uint64_t> free_{0};  // tag, number + 1
};

template <typename T>
inline constinit Table<T> table{};

template <typename T>
Table<T>& Table<T>::table_of() noexcept {
  return table<T>;
}

}  // namespace bhashatts::c
