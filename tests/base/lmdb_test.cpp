#include "base/lmdb.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <fstream>
#include <thread>
#include <vector>

#include "base/files.h"
#include "bhashatts/error.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::lmdb {
namespace {

using testing::TempDir;

class LmdbTest : public ::testing::Test {
 protected:
  EnvOptions options(std::int64_t map_bytes = 1 << 20) {
    EnvOptions options;
    options.directory = directory_.path();
    options.map_bytes = map_bytes;
    options.databases = {"one", "two"};
    return options;
  }
  std::shared_ptr<Env> open() { return Env::open(options()); }
  static void put(Env& env, std::string_view key, std::string_view value) {
    WriteTxn txn(env);
    txn.put(env.dbi(0), key, value);
    txn.commit();
  }

  TempDir directory_;
};

TEST_F(LmdbTest, KeepsWhatIsCommittedOnly) {
  const auto env = open();
  put(*env, "a", "1");
  {
    WriteTxn aborted(*env);
    aborted.put(env->dbi(0), "b", "2");
  }
  const ReadTxn txn(*env);
  EXPECT_EQ(txn.get(env->dbi(0), "a"), "1");
  EXPECT_EQ(txn.get(env->dbi(0), "b"), std::nullopt);
  EXPECT_EQ(txn.get(env->dbi(1), "a"), std::nullopt);
  EXPECT_EQ(txn.count(env->dbi(0)), 1);
}

TEST_F(LmdbTest, IsOpenedOnceAProcess) {
  auto env = open();
  EXPECT_EQ(open(), env);
  EnvOptions by_another_name = options();
  by_another_name.directory /= ".";
  EXPECT_EQ(Env::open(by_another_name), env);
  put(*env, "a", "1");
  env.reset();
  const auto again = open();
  const ReadTxn txn(*again);
  EXPECT_EQ(txn.get(again->dbi(0), "a"), "1");
}

TEST_F(LmdbTest, CanBeClosedAndOpenedFromManyThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) put(*open(), std::to_string(t * 100 + i), "x");
    });
  }
  for (auto& thread : threads) thread.join();
  const auto env = open();
  EXPECT_EQ(ReadTxn(*env).count(env->dbi(0)), 100);
}

TEST_F(LmdbTest, AReaderSeesItsOwnSnapshot) {
  const auto env = open();
  put(*env, "a", "1");
  const ReadTxn before(*env);
  put(*env, "a", "2");
  const ReadTxn after(*env);
  EXPECT_EQ(before.get(env->dbi(0), "a"), "1");
  EXPECT_EQ(after.get(env->dbi(0), "a"), "2");
}

TEST_F(LmdbTest, AFullMapIsStorageFullAndLosesNothing) {
  const auto env = Env::open(options(64 << 10));
  put(*env, "a", "1");
  const std::string large(32 << 10, 'x');
  try {
    for (int i = 0; i < 10; ++i) put(*env, "large" + std::to_string(i), large);
    FAIL() << "a 64 KiB map held more than that";
  } catch (const MapFull& error) {
    EXPECT_EQ(error.code(), ErrorCode::storage_full);
  }
  EXPECT_EQ(ReadTxn(*env).get(env->dbi(0), "a"), "1");
}

TEST_F(LmdbTest, AFullDiskIsNoFullMap) {
  try {
    check(ENOSPC, "commit");
    FAIL();
  } catch (const MapFull&) {
    FAIL() << "nothing would be gained by erasing";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::storage_full);
  }
}

TEST_F(LmdbTest, RubbishIsStorageDamaged) {
  std::ofstream(directory_ / "data.mdb") << std::string(10'000, 'x');
  try {
    open();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::storage_damaged);
  }
}

TEST_F(LmdbTest, ReadOnlyNeitherMakesNorWrites) {
  put(*open(), "a", "1");
  auto wanted = options();
  wanted.read_only = true;
  const auto env = Env::open(wanted);
  EXPECT_EQ(ReadTxn(*env).get(env->dbi(0), "a"), "1");
  EXPECT_THROW(WriteTxn{*env}, Error);
}

TEST_F(LmdbTest, ACursorWalksInKeyOrder) {
  const auto env = open();
  for (const char* key : {"b", "d", "a"}) put(*env, key, key);
  WriteTxn txn(*env);
  {
    Cursor cursor(txn, env->dbi(0));
    ASSERT_TRUE(cursor.seek("aa"));
    EXPECT_EQ(cursor.key(), "b");
    cursor.erase_current();
    ASSERT_TRUE(cursor.first());
    EXPECT_EQ(cursor.key(), "a");
    ASSERT_TRUE(cursor.next());
    EXPECT_EQ(cursor.value(), "d");
    EXPECT_FALSE(cursor.next());
    EXPECT_FALSE(cursor.seek("e"));
  }
  EXPECT_TRUE(txn.erase(env->dbi(0), "a"));
  EXPECT_FALSE(txn.erase(env->dbi(0), "a"));
}

TEST(BigEndian, SortsAsNumbersDo) {
  EXPECT_LT(be64(255), be64(256));
  EXPECT_EQ(from_be64(be64(0x0102030405060708)), 0x0102030405060708U);
  EXPECT_EQ(from_be64("short"), 0U);
}

}  // namespace
}  // namespace bhashatts::lmdb
