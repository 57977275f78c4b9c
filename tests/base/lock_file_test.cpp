#include "base/lock_file.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

namespace bhashatts {
namespace {

using testing::Child;
using testing::Pipe;
using testing::TempDir;

class LockFileTest : public ::testing::Test {
 protected:
  std::shared_ptr<LockFile> open() { return LockFile::open(directory_ / "locks"); }
  TempDir directory_;
};

TEST_F(LockFileTest, ExcludesThreadsOfOneProcess) {
  const auto file = open();
  EXPECT_EQ(open(), file);  // one per file and process
  auto lock = file->try_lock(7);
  ASSERT_TRUE(lock);
  std::thread([&] { EXPECT_FALSE(file->try_lock(7)); }).join();
  EXPECT_TRUE(file->try_lock(8));
  std::thread([&] { lock.reset(); }).join();
  EXPECT_TRUE(file->try_lock(7));
}

TEST_F(LockFileTest, ExcludesOtherProcesses) {
  Pipe locked;
  Pipe done;
  Child child([&] {
    const auto lock = open()->try_lock(7);
    locked.say();
    done.hear();
    return lock ? 0 : 1;
  });
  locked.hear();
  EXPECT_FALSE(open()->try_lock(7));
  EXPECT_TRUE(open()->is_locked(7));
  EXPECT_FALSE(open()->is_locked(8));
  done.say();
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(open()->try_lock(7));
}

TEST_F(LockFileTest, IsFreeWhenItsHolderIsKilled) {
  Pipe locked;
  Child child([&] {
    const auto lock = open()->try_lock(7);
    locked.say();
    return ::pause();
  });
  locked.hear();
  ASSERT_TRUE(open()->is_locked(7));
  child.kill_hard();
  child.wait();
  EXPECT_TRUE(open()->try_lock(7));
}

TEST_F(LockFileTest, IsFreeWhenItsHolderIsKilledThoughAChildOfItsLivesOn) {
  Pipe ready;
  Pipe over;
  Child leader([&] {
    const auto lock = open()->try_lock(7);
    Child heir([&] {  // inherits the descriptor, and must not inherit the lock
      ready.say();
      over.hear();
      return 0;
    });
    return ::pause();
  });
  ASSERT_TRUE(ready.hear());
  ASSERT_TRUE(open()->is_locked(7));
  leader.kill_hard();
  leader.wait();
  EXPECT_FALSE(open()->is_locked(7));
  EXPECT_TRUE(open()->try_lock(7));
  over.say();
}

TEST_F(LockFileTest, AChildThatDropsWhatItInheritedFreesNothing) {
  auto lock = open()->try_lock(7);
  Child child([&] {
    lock.reset();                            // the parent's
    const bool seen = open()->is_locked(7);  // through a descriptor of its own
    const bool own = open()->try_lock(8).has_value();
    return seen && own ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
  Child other([&] { return open()->is_locked(7) ? 0 : 1; });
  EXPECT_EQ(other.wait(), 0);
}

TEST_F(LockFileTest, FindsAnOffsetThatNobodyHas) {
  const auto file = open();
  const auto one = file->lock_any();
  const auto two = file->lock_any();
  EXPECT_NE(one.offset(), two.offset());
  EXPECT_TRUE(file->is_locked(one.offset()));
  Child child([&] { return open()->try_lock(one.offset()) ? 1 : 0; });
  EXPECT_EQ(child.wait(), 0);
}

TEST_F(LockFileTest, MovingALockKeepsIt) {
  const auto file = open();
  auto lock = file->lock_any();
  const std::uint64_t first = lock.offset();
  lock = file->lock_any();
  EXPECT_FALSE(file->is_locked(first));
  EXPECT_TRUE(file->is_locked(lock.offset()));
}

}  // namespace
}  // namespace bhashatts
