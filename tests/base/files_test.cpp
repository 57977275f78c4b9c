#include "base/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "tests/support/temp_dir.h"

namespace bhashatts {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

ErrorCode code_of(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::ok;
}

TEST(Files, WritesAndReadsBack) {
  TempDir directory;
  write_new_file(directory / "a", bytes("नमस्ते"), Sync::data);
  EXPECT_EQ(read_file(directory / "a", 100), "नमस्ते");
  EXPECT_EQ(map_file(directory / "a")->chars(), "नमस्ते");
  EXPECT_EQ(read_file(directory / "b", 100), std::nullopt);
  EXPECT_FALSE(map_file(directory / "b"));
  EXPECT_FALSE(map_file(directory / "a/below a file"));
}

TEST(Files, NeverOverwrites) {
  TempDir directory;
  write_new_file(directory / "a", bytes("first"), Sync::none);
  EXPECT_THROW(write_new_file(directory / "a", bytes("second"), Sync::none), Error);
  EXPECT_EQ(read_file(directory / "a", 100), "first");
}

TEST(Files, RefusesToReadMoreThanAskedFor) {
  TempDir directory;
  write_new_file(directory / "a", bytes("12345"), Sync::none);
  EXPECT_EQ(read_file(directory / "a", 5), "12345");
  EXPECT_THROW(read_file(directory / "a", 4), Error);
}

TEST(Files, AMappingOutlivesItsFileAndIsCounted) {
  TempDir directory;
  const std::int64_t before = live_mappings();
  write_new_file(directory / "a", bytes("still there"), Sync::none);
  auto mapped = map_file(directory / "a");
  fs::remove(directory / "a");
  EXPECT_EQ(live_mappings(), before + 1);
  const SharedBytes copy = *mapped;
  mapped.reset();
  EXPECT_EQ(copy.chars(), "still there");
}

TEST(Files, KnowsItsMappingsFromPageAlignedMemory) {
  TempDir directory;
  write_new_file(directory / "a", bytes("mapped"), Sync::none);
  const auto mapped = map_file(directory / "a");
  EXPECT_TRUE(is_mapped(*mapped));
  // As jemalloc gives out large blocks.
  const std::shared_ptr<void> block(std::aligned_alloc(4096, 4096), std::free);
  EXPECT_FALSE(is_mapped(SharedBytes(static_cast<const std::byte*>(block.get()), 4096, block)));
  EXPECT_FALSE(is_mapped(SharedBytes{}));
}

TEST(Files, AnEmptyFileGivesEmptyBytes) {
  TempDir directory;
  write_new_file(directory / "a", {}, Sync::none);
  ASSERT_TRUE(map_file(directory / "a"));
  EXPECT_TRUE(map_file(directory / "a")->empty());
}

TEST(Files, ADirectoryIsNoFile) {
  TempDir directory;
  EXPECT_THROW(map_file(directory.path()), Error);
  EXPECT_THROW(read_file(directory.path(), 100), Error);
}

TEST(Files, MakesParentsForItsOwnerOnly) {
  TempDir directory;
  ensure_directory(directory / "a/b/c");
  ensure_directory(directory / "a/b/c");
  struct stat status {};
  ASSERT_EQ(::stat((directory / "a/b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  write_new_file(directory / "file", {}, Sync::none);
  EXPECT_THROW(ensure_directory(directory / "file/below"), Error);
}

TEST(Files, EachFailureOfTheDiskHasItsCode) {
  EXPECT_EQ(file_error("write", "/x", ENOSPC).code(), ErrorCode::storage_full);
  EXPECT_TRUE(file_error("write", "/x", EDQUOT).retryable());
  EXPECT_EQ(file_error("write", "/x", EROFS).code(), ErrorCode::storage_read_only);
  EXPECT_EQ(file_error("write", "/x", EIO).code(), ErrorCode::storage_failed);
  EXPECT_NE(std::string(file_error("open", "/x/y", EACCES).what()).find("/x/y"), std::string::npos);
}

TEST(Files, AFullDeviceIsStorageFull) {
  TempDir directory;
  std::error_code error;
  fs::create_symlink("/dev/full", directory / "full", error);
  // O_EXCL refuses the link: what is written is always a new file.
  EXPECT_EQ(code_of([&] { write_new_file(directory / "full", bytes("x"), Sync::none); }),
            ErrorCode::storage_failed);
}

TEST(Files, KnowsNetworkFileSystems) {
  EXPECT_TRUE(is_network_file_system(0x6969));
  EXPECT_TRUE(is_network_file_system(0xff534d42));
  EXPECT_TRUE(is_network_file_system(0x65735546));
  EXPECT_FALSE(is_network_file_system(0xef53));      // ext4
  EXPECT_FALSE(is_network_file_system(0x01021994));  // tmpfs
  EXPECT_FALSE(is_network_file_system(0x794c7630));  // overlay
  EXPECT_FALSE(is_network_file_system(file_system_type("/")));
}

}  // namespace
}  // namespace bhashatts
