// A number that every process on the host sees at once: the generation of the cache. Whoever drops
// something that others may still hold in memory raises it; whoever holds something compares.
//
// Thread rule: any thread, any process. Reading is one acquire load of a mapped page.
// After fork the child may go on using it: the mapping is shared.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

namespace bhashatts {

class SharedCounter {
 public:
  // Makes the file when absent. A read-only file system, or a file that may only be read, gives a
  // counter that can be read; raise() then raises storage_read_only.
  explicit SharedCounter(const std::filesystem::path& path);
  ~SharedCounter();
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  std::uint64_t read() const noexcept { return number_->load(std::memory_order_acquire); }
  void raise();

 private:
  std::atomic<std::uint64_t>* number_ = nullptr;
  bool writable_ = true;
};

}  // namespace bhashatts
