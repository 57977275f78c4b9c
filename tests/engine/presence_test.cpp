#include "engine/presence.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::engine {
namespace {

using bhashatts::testing::TempDir;

class PresenceTest : public ::testing::Test {
 protected:
  // What a process that was killed leaves behind: its file, and no lock.
  void somebody_dies() { write_new_file(temp.path() / "live" / "123456", {}, Sync::none); }
  TempDir temp;
  std::shared_ptr<LockFile> locks = LockFile::open(temp / "locks");
};

TEST_F(PresenceTest, WhoLivesIsNotTakenForDead) {
  const Presence one(temp / "live", locks);
  const Presence two(temp / "live", locks);
  EXPECT_FALSE(one.somebody_died());
  EXPECT_FALSE(two.somebody_died());
}

TEST_F(PresenceTest, WhoEndsWellLeavesNothing) {
  { const Presence one(temp / "live", locks); }
  EXPECT_TRUE(std::filesystem::is_empty(temp / "live"));
}

TEST_F(PresenceTest, ADeathIsSeenUntilItIsBuried) {
  { const Presence first(temp / "live", locks); }
  somebody_dies();
  Presence next(temp / "live", locks);
  EXPECT_TRUE(next.somebody_died());
  next.bury();
  EXPECT_FALSE(next.somebody_died());
  const Presence later(temp / "live", locks);
  EXPECT_FALSE(later.somebody_died());
}

}  // namespace
}  // namespace bhashatts::engine
