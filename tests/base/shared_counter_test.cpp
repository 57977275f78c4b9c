#include "base/shared_counter.h"

#include <gtest/gtest.h>

#include <fstream>

#include "bhashatts/error.h"
#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

namespace bhashatts {
namespace {

using testing::Child;
using testing::TempDir;

TEST(SharedCounter, BeginsAtZeroAndIsKept) {
  TempDir directory;
  EXPECT_EQ(SharedCounter(directory / "counter").read(), 0U);
  SharedCounter(directory / "counter").raise();
  EXPECT_EQ(SharedCounter(directory / "counter").read(), 1U);
}

TEST(SharedCounter, IsSeenByOtherProcessesAtOnce) {
  TempDir directory;
  SharedCounter counter(directory / "counter");
  Child child([&] {
    SharedCounter(directory / "counter").raise();
    counter.raise();  // the inherited one is the same page
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(counter.read(), 2U);
}

TEST(SharedCounter, CannotBeMadeWhereThereIsNoDirectory) {
  TempDir directory;
  EXPECT_THROW(SharedCounter(directory / "missing/counter"), Error);
}

TEST(SharedCounter, MendsAFileThatIsTooShort) {
  TempDir directory;
  std::ofstream(directory / "counter") << "abc";
  SharedCounter counter(directory / "counter");
  const std::uint64_t before = counter.read();
  counter.raise();
  EXPECT_EQ(counter.read(), before + 1);
}

}  // namespace
}  // namespace bhashatts
