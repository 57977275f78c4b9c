#include "base/per_process.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/child.h"

namespace bhashatts {
namespace {

using testing::Child;

struct Owner {
  pid_t pid = ::getpid();
};

TEST(PerProcess, MakesOneInstanceForAllThreads) {
  std::atomic<int> made{0};
  PerProcess<Owner> owner([&] {
    ++made;
    return std::make_unique<Owner>();
  });
  EXPECT_EQ(owner.peek(), nullptr);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { owner.get(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(owner.peek(), &owner.get());
}

TEST(PerProcess, AChildMakesItsOwnAndLeavesItsParentsAlone) {
  PerProcess<Owner> owner([] { return std::make_unique<Owner>(); });
  Owner* const parents = &owner.get();
  Child child([&] {
    if (owner.peek() != nullptr) return 1;
    if (owner.get().pid != ::getpid() || &owner.get() == parents) return 2;
    Child grandchild([&] { return owner.get().pid == ::getpid() ? 0 : 1; });
    return grandchild.wait() == 0 ? 0 : 3;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(&owner.get(), parents);
}

TEST(PerProcess, TriesAgainAfterAFailure) {
  int attempts = 0;
  PerProcess<Owner> owner([&]() -> std::unique_ptr<Owner> {
    if (++attempts == 1) throw std::runtime_error("not yet");
    return std::make_unique<Owner>();
  });
  EXPECT_THROW(owner.get(), std::runtime_error);
  EXPECT_EQ(owner.get().pid, ::getpid());
}

TEST(ProcessEpoch, CountsForks) {
  const std::uint64_t here = process_epoch();
  Child child([&] { return process_epoch() == here + 1 ? 0 : 1; });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(process_epoch(), here);
}

}  // namespace
}  // namespace bhashatts
