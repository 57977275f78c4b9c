#include <gtest/gtest.h>
#include <unistd.h>

#include <random>
#include <string>
#include <vector>

#include "bhashatts/error.h"
#include "blob/file_store.h"
#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::blob {
namespace {

using testing::Child;
using testing::Pipe;

SharedBytes bytes_of(std::string content) { return SharedBytes::adopt(std::move(content)); }

int temporary_files(const std::filesystem::path& root) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root / ".tmp")) {
    if (entry.path().filename() != "writers.lock") ++count;
  }
  return count;
}

TEST(FileStoreProcesses, OnlyOneOfThirtyTwoStoresAName) {
  const testing::TempDir temp;
  std::vector<Child> writers;
  for (int i = 0; i < 32; ++i) {
    writers.emplace_back([&, i] {
      const auto store = make_file_store(temp / "blobs");
      const std::string mine(100'000, static_cast<char>('A' + i));
      const auto outcome = store->put_if_absent("audio/tts/one", bytes_of(mine), {});
      const auto read = store->get("audio/tts/one");
      if (!read || read->size() != mine.size()) return 50;
      if (read->chars().find_first_not_of(read->chars()[0]) != std::string::npos) return 51;
      return outcome == PutOutcome::stored ? 1 : 0;
    });
  }
  int stored = 0;
  for (auto& writer : writers) stored += writer.wait();
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(temporary_files(temp / "blobs"), 0);
}

TEST(FileStoreProcesses, AKilledWriterLeavesWholeObjectsAndSweepableFiles) {
  const testing::TempDir temp;
  const auto root = temp / "blobs";
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    Child writer([&] {
      const auto store = make_file_store(root);
      for (int i = 0;; ++i) {
        const auto name = std::to_string(round) + "/" + std::to_string(i);
        store->put_if_absent(name, bytes_of(std::string(300'000, 'x')), {});
      }
      return 0;
    });
    ::usleep(std::uniform_int_distribution<unsigned>(0, 20'000)(random));
    writer.kill();
  }
  const auto store = make_file_store(root);
  std::filesystem::create_directories(root / ".tmp");
  sweep_file_store(root);
  EXPECT_EQ(temporary_files(root), 0);
  store->list("", [](const BlobInfo& info) {
    EXPECT_EQ(info.size_bytes, 300'000U) << info.name;
    return true;
  });
}

TEST(FileStoreProcesses, AForkedChildHasANumberOfItsOwn) {
  const testing::TempDir temp;
  const auto store = make_file_store(temp / "blobs");
  store->put_if_absent("parent", bytes_of("p"), {});
  Pipe written;
  Pipe go;
  Child child([&] {
    store->put_if_absent("child", bytes_of("c"), {});
    written.say();
    go.hear();
    return store->get("parent")->chars() == "p" ? 0 : 1;
  });
  ASSERT_TRUE(written.hear());
  EXPECT_EQ(store->put_if_absent("child", bytes_of("p"), {}), PutOutcome::already_there);
  EXPECT_EQ(store->put_if_absent("parent2", bytes_of("p"), {}), PutOutcome::stored);
  go.say();
  EXPECT_EQ(child.wait(), 0);
}

TEST(FileStoreProcesses, ASweepSparesTheFilesOfALivingProcess) {
  const testing::TempDir temp;
  const auto root = temp / "blobs";
  Pipe ready;
  Child writer([&] {
    const auto store = make_file_store(root);
    store->put_if_absent("a", bytes_of("x"), {});
    ready.say();
    for (int i = 0; i < 40; ++i) {
      store->put_if_absent("b/" + std::to_string(i), bytes_of(std::string(50'000, 'x')), {});
    }
    return 0;
  });
  ASSERT_TRUE(ready.hear());
  for (int i = 0; i < 200; ++i) EXPECT_EQ(sweep_file_store(root), 0);
  EXPECT_EQ(writer.wait(), 0);
}

}  // namespace
}  // namespace bhashatts::blob
