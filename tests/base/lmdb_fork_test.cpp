#include <gtest/gtest.h>

#include "base/lmdb.h"
#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::lmdb {
namespace {

using testing::Child;
using testing::Pipe;
using testing::TempDir;

std::shared_ptr<Env> open(const TempDir& directory) {
  EnvOptions options;
  options.directory = directory.path();
  options.map_bytes = 1 << 20;
  options.databases = {"one"};
  return Env::open(options);
}

void put(Env& env, std::string_view key) {
  WriteTxn txn(env);
  txn.put(env.dbi(0), key, key);
  txn.commit();
}

TEST(LmdbFork, AChildOpensItsOwnAndTheParentGoesOn) {
  TempDir directory;
  auto env = open(directory);
  put(*env, "parent");
  Child child([&] {
    const auto own = open(directory);
    if (own == env) return 1;
    put(*own, "child");
    env.reset();  // the inherited one: leaves the parent's locks alone
    put(*own, "child again");
    return ReadTxn(*own).get(own->dbi(0), "parent") ? 0 : 2;
  });
  EXPECT_EQ(child.wait(), 0);
  put(*env, "parent again");
  EXPECT_EQ(ReadTxn(*env).count(env->dbi(0)), 4);
}

TEST(LmdbFork, AWriterKilledInItsTransactionHoldsNobodyUp) {
  TempDir directory;
  Pipe inside;
  Child writer([&] {
    const auto env = open(directory);
    WriteTxn txn(*env);
    txn.put(env->dbi(0), "lost", "x");
    inside.say();
    return ::pause();
  });
  ASSERT_TRUE(inside.hear());
  writer.kill_hard();
  writer.wait();
  const auto env = open(directory);
  put(*env, "kept");
  EXPECT_FALSE(ReadTxn(*env).get(env->dbi(0), "lost"));
}

TEST(LmdbFork, TheSlotOfAKilledReaderIsFreed) {
  TempDir directory;
  const auto env = open(directory);
  put(*env, "a");
  Pipe inside;
  Child reader([&] {
    const auto own = open(directory);
    const ReadTxn txn(*own);
    inside.say();
    return ::pause();
  });
  ASSERT_TRUE(inside.hear());
  EXPECT_EQ(env->clear_dead_readers(), 0);
  reader.kill_hard();
  reader.wait();
  EXPECT_EQ(env->clear_dead_readers(), 1);
}

}  // namespace
}  // namespace bhashatts::lmdb
