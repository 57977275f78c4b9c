#include "engine/data_dir.h"

#include <gtest/gtest.h>
#include <linux/magic.h>
#include <unistd.h>

#include <limits>

#include "base/files.h"
#include "bhashatts/error.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::engine {
namespace {

using bhashatts::testing::TempDir;

class DataDirTest : public ::testing::Test {
 protected:
  ErrorCode refusal(std::int64_t f_type = 0) {
    try {
      DataDir::open(path, 0, [&](const std::filesystem::path&) { return f_type; });
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::ok;
  }
  void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::remove(file);
    write_new_file(file, std::as_bytes(std::span(text)), Sync::none);
  }
  TempDir temp;
  std::string path = (temp / "deep" / "data").string();
};

TEST_F(DataDirTest, MakesWhatIsAbsentAndOpensItAgain) {
  const DataDir made = DataDir::open(path, 0);
  EXPECT_EQ(made.root(), path);
  EXPECT_FALSE(made.read_only());
  EXPECT_EQ(read_file(made / "VERSION", 64), "1\n");
  EXPECT_EQ(DataDir::open(path, 0).root(), path);
}

TEST_F(DataDirTest, ANetworkFileSystemIsRefusedBeforeAnythingIsMade) {
  EXPECT_EQ(refusal(NFS_SUPER_MAGIC), ErrorCode::storage_network);
  EXPECT_FALSE(std::filesystem::exists(temp / "deep"));
  EXPECT_EQ(refusal(EXT4_SUPER_MAGIC), ErrorCode::ok);
}

TEST_F(DataDirTest, ANewerVersionIsRefusedAndLeftAlone) {
  DataDir::open(path, 0);
  write(std::filesystem::path(path) / "VERSION", "2\n");
  EXPECT_EQ(refusal(), ErrorCode::storage_newer);
  EXPECT_EQ(read_file(std::filesystem::path(path) / "VERSION", 64), "2\n");
}

TEST_F(DataDirTest, AVersionThatIsNoNumberIsRefused) {
  DataDir::open(path, 0);
  const std::filesystem::path file = std::filesystem::path(path) / "VERSION";
  write(file, "one\n");
  EXPECT_EQ(refusal(), ErrorCode::storage_damaged);
  write(file, "-1\n");
  EXPECT_EQ(refusal(), ErrorCode::storage_damaged);
  write(file, "99999999999999999999\n");
  EXPECT_EQ(refusal(), ErrorCode::storage_newer);
  write(file, "");  // a process that was killed between making and writing it
  EXPECT_EQ(refusal(), ErrorCode::ok);
}

TEST_F(DataDirTest, AnothersDirectoryIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  DataDir::open(path, 0);
  ASSERT_EQ(::chown(path.c_str(), 12'345, 12'345), 0);
  EXPECT_EQ(refusal(), ErrorCode::storage_wrong_owner);
}

TEST_F(DataDirTest, AFileInItsPlaceIsRefused) {
  std::filesystem::create_directory(temp / "deep");
  write(path, "a file");
  EXPECT_EQ(refusal(), ErrorCode::storage_failed);
}

TEST_F(DataDirTest, ShortRoomIsFoundBeforehand) {
  EXPECT_NO_THROW(DataDir::open(path, 1).require_room());
  const DataDir full = DataDir::open(path, std::numeric_limits<std::int64_t>::max());
  try {
    full.require_room();
    FAIL() << "no disk has so much room";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::storage_full);
    EXPECT_TRUE(error.retryable());
  }
}

}  // namespace
}  // namespace bhashatts::engine
