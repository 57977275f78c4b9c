#include "blob/file_store.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bhashatts/error.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::blob {
namespace {

SharedBytes bytes_of(std::string content) { return SharedBytes::adopt(std::move(content)); }

class FileStoreTest : public ::testing::Test {
 protected:
  PutOutcome put(const std::string& name, const std::string& content) {
    return store->put_if_absent(name, bytes_of(content), {});
  }
  std::set<std::string> listed(std::string_view prefix) {
    std::set<std::string> names;
    store->list(prefix, [&](const BlobInfo& info) { return names.insert(info.name).second; });
    return names;
  }

  testing::TempDir temp;
  std::filesystem::path root = temp / "blobs";
  std::shared_ptr<BlobStore> store = make_file_store(root);
};

TEST_F(FileStoreTest, GivesBackWhatWasPut) {
  EXPECT_EQ(put("audio/tts/a.flac", "sound"), PutOutcome::stored);
  EXPECT_EQ(store->get("audio/tts/a.flac")->chars(), "sound");
  EXPECT_EQ(store->info("audio/tts/a.flac")->size_bytes, 5U);
  EXPECT_FALSE(store->get("audio/tts/b.flac"));
  EXPECT_FALSE(store->info("audio/tts/b.flac"));
}

TEST_F(FileStoreTest, LeavesTheFirstWritersObject) {
  put("a", "first");
  EXPECT_EQ(put("a", "second"), PutOutcome::already_there);
  EXPECT_EQ(store->get("a")->chars(), "first");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root / ".tmp"), {}), 1);  // the lock
}

TEST_F(FileStoreTest, KeepsEmptyObjectsApartFromAbsentOnes) {
  put("empty", "");
  ASSERT_TRUE(store->get("empty"));
  EXPECT_TRUE(store->get("empty")->empty());
  EXPECT_EQ(store->info("empty")->size_bytes, 0U);
}

TEST_F(FileStoreTest, ReadsOnFromARemovedObject) {
  put("a/b", "still here");
  const auto held = store->get("a/b");
  store->remove("a/b");
  store->remove("a/b");
  EXPECT_EQ(held->chars(), "still here");
  EXPECT_FALSE(store->get("a/b"));
  EXPECT_EQ(put("a/b", "again"), PutOutcome::stored);
}

TEST_F(FileStoreTest, TakesADirectoryOfObjectsForNoObject) {
  put("a/b", "x");
  EXPECT_FALSE(store->get("a"));
  EXPECT_FALSE(store->info("a"));
  EXPECT_FALSE(store->get("a/b/c"));
  store->remove("a");
  EXPECT_TRUE(store->get("a/b"));
}

TEST_F(FileStoreTest, ListsByPrefix) {
  for (const char* name : {"audio/tts/1.flac", "audio/tts/2.flac", "audio/x", "auto"}) {
    put(name, "x");
  }
  EXPECT_EQ(listed("").size(), 4U);
  EXPECT_EQ(listed("audio/tts/").size(), 2U);
  EXPECT_EQ(listed("audio/tts/1"), std::set<std::string>{"audio/tts/1.flac"});
  EXPECT_EQ(listed("au").size(), 4U);
  EXPECT_TRUE(listed("nothing/").empty());
  EXPECT_TRUE(listed("../").empty());
  EXPECT_TRUE(listed("/").empty());
  EXPECT_TRUE(listed(".tmp/").empty());
}

TEST_F(FileStoreTest, StopsListingWhenToldTo) {
  for (int i = 0; i < 5; ++i) put("d/" + std::to_string(i), "x");
  int seen = 0;
  store->list("", [&](const BlobInfo&) { return ++seen < 2; });
  EXPECT_EQ(seen, 2);
}

TEST_F(FileStoreTest, RefusesNamesThatLeaveTheStore) {
  EXPECT_THROW(put("../out", "x"), Error);
  EXPECT_THROW(store->get("/etc/passwd"), Error);
  EXPECT_THROW(store->remove("a/../../b"), Error);
  EXPECT_THROW(store->url(".tmp/x"), Error);
}

TEST_F(FileStoreTest, SaysWhereAnObjectLies) {
  put("a b.wav", "x");
  EXPECT_EQ(store->url("a b.wav"), "file://" + (root / "a%20b.wav").string());
  EXPECT_EQ(store->local_path("a b.wav"), (root / "a b.wav").string());
}

TEST_F(FileStoreTest, WritesNothingWhenReadOnly) {
  put("a", "x");
  const auto reader = make_file_store(root, true);
  EXPECT_TRUE(reader->get("a"));
  try {
    reader->put_if_absent("b", bytes_of("x"), {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::storage_read_only);
  }
  EXPECT_THROW(reader->remove("a"), Error);
  make_file_store(temp / "none", true);
  EXPECT_FALSE(std::filesystem::exists(temp / "none"));
}

TEST_F(FileStoreTest, MakesADirectoryThatWasTidiedAway) {
  put("d/1", "x");
  std::filesystem::remove_all(root / "d");
  EXPECT_EQ(put("d/2", "y"), PutOutcome::stored);
  EXPECT_EQ(store->get("d/2")->chars(), "y");
}

TEST_F(FileStoreTest, StoresOnceForManyThreads) {
  std::atomic<int> stored{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 5; ++n) {
        const auto outcome = put("t/" + std::to_string(n), std::string(1000, char('a' + i)));
        if (outcome == PutOutcome::stored) ++stored;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(stored, 5);
  EXPECT_EQ(listed("t/").size(), 5U);
}

TEST_F(FileStoreTest, SweepsNothingOfALiveWriter) {
  put("a", "x");
  std::ofstream(root / ".tmp" / "foreign").put('x');
  EXPECT_EQ(sweep_file_store(root), 0);
  std::ofstream(root / ".tmp" / "12345-0").put('x');
  EXPECT_EQ(sweep_file_store(root), 1);
  EXPECT_EQ(sweep_file_store(temp / "nowhere"), 0);
}

}  // namespace
}  // namespace bhashatts::blob
