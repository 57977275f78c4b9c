#include "cli/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/raised.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::cli {
namespace {

namespace fs = std::filesystem;
using testing::raised;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::size_t files_in(const fs::path& directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

TEST(OutputFile, ReplacesWhatIsThereAndLeavesNothingElse) {
  const testing::TempDir directory;
  std::ofstream(directory / "a.wav") << "a much longer file than the new one";
  OutputFile((directory / "a.wav").string()).write("new");
  EXPECT_EQ(content(directory / "a.wav"), "new");
  EXPECT_EQ(files_in(directory.path()), 1u);
}

TEST(OutputFile, GivesFilesTheModeThatOpenWouldGive) {
  const testing::TempDir directory;
  const mode_t before = ::umask(022);
  OutputFile((directory / "a.wav").string()).write("x");
  ::umask(before);
  const auto mode = fs::status(directory / "a.wav").permissions();
  EXPECT_EQ(mode, static_cast<fs::perms>(0644));
}

TEST(OutputFile, WritesThroughASymbolicLink) {
  const testing::TempDir directory;
  std::ofstream(directory / "target.wav") << "old";
  fs::create_symlink("target.wav", directory / "link.wav");
  OutputFile((directory / "link.wav").string()).write("new");
  EXPECT_TRUE(fs::is_symlink(directory / "link.wav"));
  EXPECT_EQ(content(directory / "target.wav"), "new");
}

TEST(OutputFile, LeavesADeviceADevice) {
  OutputFile("/dev/null").write("x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_FALSE(
      raised(ErrorCode::storage_failed, [] { OutputFile("/dev/full").write("x"); }).empty());
}

TEST(OutputFile, IsRefusedBeforeAnythingIsPaidFor) {
  const testing::TempDir directory;
  const auto refuse = [](const fs::path& path) {
    return raised(ErrorCode::bad_request, [&] { const OutputFile file(path.string()); });
  };
  EXPECT_FALSE(refuse(directory / "missing" / "a.wav").empty());
  EXPECT_FALSE(refuse(directory.path()).empty());
}

}  // namespace
}  // namespace bhashatts::cli
