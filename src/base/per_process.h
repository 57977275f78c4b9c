// State that a forked child must not use: each process makes its own on first use.
//
// After fork only the forking thread lives on; a mutex that another thread held stays locked for
// ever, LMDB environments and lock descriptors belong to the parent, and worker threads are gone.
// Repairing all of that in a pthread_atfork handler means knowing every lock of every room. Instead
// the handler counts (process_epoch), and whoever keeps process-bound state keeps it in a
// PerProcess: the child sees an instance of another epoch, leaves it untouched (it leaks, on
// purpose: destroying it would join threads that do not exist) and makes a new one.
//
// Thread rule: get() may be called from any thread at any time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace bhashatts {

// How many forks lie between the process that loaded the library and this one. A relaxed load:
// getpid() has been a system call since glibc 2.25 (about 100 ns), too dear for the hit path.
std::uint64_t process_epoch() noexcept;

template <typename T>
class PerProcess {
 public:
  using Factory = std::function<std::unique_ptr<T>()>;

  explicit PerProcess(Factory factory) : factory_(std::move(factory)), slot_(new Slot) {}
  PerProcess(const PerProcess&) = delete;
  PerProcess& operator=(const PerProcess&) = delete;

  ~PerProcess() {
    Slot* slot = slot_.load(std::memory_order_acquire);
    if (slot->epoch == process_epoch()) delete slot;
  }

  // Makes the instance if this process has none. What the factory raises is passed on, and the
  // next call tries again.
  T& get() {
    Slot* slot = current();
    std::call_once(slot->once, [&] {
      slot->value = factory_();
      slot->made.store(slot->value.get(), std::memory_order_release);
    });
    return *slot->value;
  }

  // The instance if this process has made one already.
  T* peek() {
    Slot* slot = slot_.load(std::memory_order_acquire);
    return slot->epoch == process_epoch() ? slot->made.load(std::memory_order_acquire) : nullptr;
  }

 private:
  struct Slot {
    std::uint64_t epoch = process_epoch();
    std::once_flag once;
    std::unique_ptr<T> value;
    std::atomic<T*> made{nullptr};  // for peek(), which does not go through `once`
  };

  Slot* current() {
    Slot* slot = slot_.load(std::memory_order_acquire);
    while (slot->epoch != process_epoch()) {
      auto fresh = std::make_unique<Slot>();
      if (slot_.compare_exchange_strong(slot, fresh.get(), std::memory_order_acq_rel)) {
        return fresh.release();
      }
    }
    return slot;
  }

  Factory factory_;
  std::atomic<Slot*> slot_;
};

}  // namespace bhashatts
