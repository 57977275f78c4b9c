#include "blob/spooled_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <latch>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "blob/file_store.h"
#include "blob/spool_claims.h"
#include "blob/spool_directory.h"
#include "tests/blob/spool_trial.h"
#include "tests/engine/mount.h"
#include "tests/support/raised.h"

namespace bhashatts::blob {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::bytes_of;
using testing::Mount;
using testing::OwnMounts;
using testing::raised;

// Bounds on waits that end as soon as there is something to end them.
steady_clock::time_point in_time() { return steady_clock::now() + seconds(30); }

class SpooledStoreTest : public testing::SpoolTrial {
 protected:
  std::shared_ptr<SpooledStore> open() const { return make_spooled_store(far, options()); }
  std::shared_ptr<SpooledStore> open_through() const {
    SpoolOptions settings = options();
    settings.write_through = true;
    return make_spooled_store(far, settings);
  }
  static PutOutcome put(SpooledStore& store, const std::string& name,
                        const std::string& content = "sound") {
    return store.put_if_absent(name, bytes_of(content), {});
  }
  static std::multiset<std::string> listed(SpooledStore& store, std::string_view prefix = "") {
    std::multiset<std::string> names;
    store.list(prefix, [&names](const BlobInfo& info) {
      names.insert(info.name + "=" + std::to_string(info.size_bytes));
      return true;
    });
    return names;
  }
};

// Uploads wait in the far store until they are let go. For one uploading thread.
class HeldUpload {
 public:
  explicit HeldUpload(testing::FakeBlobStore& far) {
    far.before_put = [this](std::string_view) {
      if (!begun_.try_wait()) begun_.count_down();
      released_.wait();
    };
  }
  ~HeldUpload() { release(); }
  void await() { begun_.wait(); }
  void release() {
    if (!released_.try_wait()) released_.count_down();
  }

 private:
  std::latch begun_{1};
  std::latch released_{1};
};

TEST_F(SpooledStoreTest, OwesWhatItTookAndPaysItWithItsLabels) {
  const auto store = open();
  const BlobLabels labels{.media_type = "audio/flac", .identity = "0123", .duration_ms = 77};
  EXPECT_EQ(store->put_if_absent("audio/a.flac", bytes_of("sound"), labels), PutOutcome::stored);
  EXPECT_TRUE(store->drain(in_time()));
  EXPECT_EQ(far->get("audio/a.flac")->chars(), "sound");
  EXPECT_EQ(far->labels("audio/a.flac").media_type, "audio/flac");
  EXPECT_EQ(far->labels("audio/a.flac").identity, "0123");
  EXPECT_EQ(far->labels("audio/a.flac").duration_ms, 77);
  EXPECT_EQ(store->spool_status().entries, 0);
}

TEST_F(SpooledStoreTest, ServesAnObjectBeforeAndAfterItIsUploaded) {
  far->refuses_puts = true;
  const auto store = open();
  put(*store, "a");
  EXPECT_EQ(put(*store, "a", "other"), PutOutcome::already_there);
  const auto before = store->get("a");
  EXPECT_EQ(before->chars(), "sound");
  EXPECT_TRUE(is_mapped(*before));
  EXPECT_EQ(store->info("a")->size_bytes, 5U);
  far->refuses_puts = false;
  EXPECT_TRUE(store->drain(in_time()));
  EXPECT_EQ(before->chars(), "sound");
  EXPECT_EQ(store->get("a")->chars(), "sound");
  EXPECT_EQ(store->info("a")->size_bytes, 5U);
  EXPECT_FALSE(store->get("b"));
  EXPECT_FALSE(store->info("b"));
}

TEST_F(SpooledStoreTest, TakesObjectsWhileTheFarStoreIsSlow) {
  HeldUpload upload(*far);
  const auto store = open();
  put(*store, "first");
  upload.await();
  for (int i = 0; i < 20; ++i) put(*store, std::to_string(i));
  EXPECT_EQ(owed(), 21);
  EXPECT_EQ(store->get("first")->chars(), "sound");
  upload.release();
  EXPECT_TRUE(store->drain(in_time()));
  EXPECT_EQ(far->names().size(), 21U);
}

TEST_F(SpooledStoreTest, OutlastsAnOutageOfTheFarStore) {
  far->refuses_all = true;
  {
    const auto store = open();
    for (int i = 0; i < 10; ++i) put(*store, std::to_string(i));
    EXPECT_FALSE(store->drain(steady_clock::now() + milliseconds(20)));
    EXPECT_EQ(store->spool_status().trouble->code(), ErrorCode::storage_failed);
    EXPECT_EQ(store->spool_status().entries, 10);
  }
  const auto again = open();
  EXPECT_EQ(again->get("7")->chars(), "sound");
  EXPECT_TRUE(again->spool_status().trouble);
  far->refuses_all = false;
  EXPECT_TRUE(again->drain(in_time()));
  EXPECT_EQ(far->names().size(), 10U);
  EXPECT_FALSE(again->spool_status().trouble);
}

TEST_F(SpooledStoreTest, ComesBackToAStoreByItself) {
  far->refuses_all = true;
  const auto store = open();
  put(*store, "a");
  while (far->puts < 3) std::this_thread::yield();
  far->refuses_all = false;
  while (owed() > 0) std::this_thread::yield();
  EXPECT_EQ(far->names(), std::vector<std::string>{"a"});
}

TEST_F(SpooledStoreTest, TellsWhatItOwesAndForHowLong) {
  far->refuses_puts = true;
  const auto store = open();
  EXPECT_EQ(store->spool_status().oldest, seconds(0));
  put(*store, "a", std::string(1'000, 'x'));
  put(*store, "b");
  make_older("a", 90);
  const SpoolStatus status = store->spool_status();
  EXPECT_EQ(status.entries, 2);
  EXPECT_GT(status.bytes, 1'005);
  EXPECT_LT(status.bytes, 1'400);
  EXPECT_GE(status.oldest, seconds(89));
  EXPECT_LT(status.oldest, seconds(3'600));
}

TEST_F(SpooledStoreTest, IsFullAtItsLimitUntilSomethingIsPaid) {
  far->refuses_puts = true;
  SpoolOptions settings = options();
  settings.max_bytes = 3'000;
  const auto store = make_spooled_store(far, settings);
  EXPECT_FALSE(store->is_full());
  put(*store, "a", std::string(2'000, 'x'));
  EXPECT_FALSE(store->is_full());
  put(*store, "b", std::string(2'000, 'x'));
  EXPECT_TRUE(store->is_full());
  EXPECT_EQ(put(*store, "c"), PutOutcome::stored);  // was paid for already
  EXPECT_TRUE(make_spooled_store(far, settings)->is_full());
  far->refuses_puts = false;
  EXPECT_TRUE(store->drain(in_time()));
  EXPECT_FALSE(store->is_full());
}

TEST_F(SpooledStoreTest, CountsWhatOtherProcessesOweButNotAtEachCall) {
  const auto now = steady_clock::now();
  SpoolDirectory ours(temp / "spool");
  SpoolDirectory theirs(temp / "spool");
  ours.add("a", bytes_of(std::string(1'000, 'x')), {});
  EXPECT_GT(ours.bytes(), 1'000);
  theirs.count_again(now);
  EXPECT_EQ(theirs.bytes(), 0);
  theirs.count_again(now + seconds(100));
  EXPECT_EQ(theirs.bytes(), ours.bytes());
  EXPECT_TRUE(ours.forget("a"));
  EXPECT_EQ(ours.bytes(), 0);
  theirs.count_again(now + seconds(1'000));
  EXPECT_EQ(theirs.bytes(), 0);
}

TEST_F(SpooledStoreTest, ListsWhatIsOwedAndWhatIsThereOnce) {
  far->put_if_absent("audio/far", bytes_of("12"), {});
  far->put_if_absent("audio/both", bytes_of("1234"), {});
  far->refuses_puts = true;
  const auto store = open();
  put(*store, "audio/both", "123");
  put(*store, "audio/near", "1");
  put(*store, "video", "1");
  EXPECT_EQ(listed(*store, "audio/"),
            (std::multiset<std::string>{"audio/both=3", "audio/far=2", "audio/near=1"}));
  EXPECT_EQ(listed(*store).size(), 4U);
  int seen = 0;
  store->list("", [&seen](const BlobInfo&) { return ++seen < 2; });
  EXPECT_EQ(seen, 2);
}

TEST_F(SpooledStoreTest, RemovesFromBoth) {
  far->put_if_absent("far", bytes_of("x"), {});
  far->refuses_puts = true;
  const auto store = open();
  for (const char* name : {"near", "a", "b", "c"}) put(*store, name);
  store->remove("far");
  store->remove("near");
  store->remove("never");
  const std::vector<std::string> names{"a", "../bad", "b"};
  raised(ErrorCode::bad_request, [&] { store->remove_all(names); });
  EXPECT_EQ(listed(*store), std::multiset<std::string>{"c=5"});
  far->refuses_puts = false;
  EXPECT_TRUE(store->drain(in_time()));
  EXPECT_EQ(far->names(), std::vector<std::string>{"c"});
}

TEST_F(SpooledStoreTest, DoesNotBringBackWhatWasRemovedWhileItWasUploaded) {
  HeldUpload upload(*far);
  const auto store = open();
  put(*store, "a");
  upload.await();
  std::thread remover([&] { store->remove("a"); });
  upload.release();
  remover.join();
  EXPECT_FALSE(store->get("a"));
  EXPECT_TRUE(store->drain(in_time()));
  EXPECT_FALSE(far->get("a"));
  EXPECT_EQ(owed(), 0);
}

TEST_F(SpooledStoreTest, RemovesOnlyWhenTheUploadHasEnded) {
  HeldUpload upload(*far);
  const auto store = open();
  put(*store, "a");
  upload.await();
  std::atomic<bool> removed{false};
  std::thread remover([&] {
    store->remove("a");
    removed = true;
  });
  SpoolClaims claims(temp / "spool" / ".tmp" / "claims.lock");
  EXPECT_FALSE(claims.claim(debt_leaf("a"), steady_clock::now() + milliseconds(60)));
  EXPECT_FALSE(removed);
  EXPECT_TRUE(store->get("a"));
  upload.release();
  remover.join();
  EXPECT_TRUE(far->names().empty());
}

TEST_F(SpooledStoreTest, EndsRemovedHoweverPutsRemovalsAndUploadsMeet) {
  const auto store = open();
  for (int round = 0; round < 100; ++round) {
    const std::string name = std::to_string(round % 3);
    put(*store, name);
    if (round % 4 != 0) std::this_thread::yield();
    std::thread other([&] { put(*store, name); });
    other.join();
    store->remove(name);
    EXPECT_FALSE(store->get(name)) << round;
  }
  EXPECT_TRUE(store->drain(in_time()));
  EXPECT_TRUE(far->names().empty());
}

TEST_F(SpooledStoreTest, SetsDamageAsideAndLooksFurther) {
  far->put_if_absent("a", bytes_of("far"), {});
  const auto lead = options().locks->try_lock(options().lock_offset);  // no upload meets this
  const auto store = open();
  put(*store, "a");
  damage("a");
  EXPECT_EQ(store->get("a")->chars(), "far");
  EXPECT_EQ(owed(), 0);
  EXPECT_EQ(files_in("damaged"), 1);
  EXPECT_EQ(store->spool_status().trouble->code(), ErrorCode::storage_damaged);
}

// Often, because the uploading thread finds the damage as well, before or after or in between.
TEST_F(SpooledStoreTest, DoesNotTakeADamagedFileForTheObject) {
  far->refuses_puts = true;
  const auto store = open();
  for (int round = 1; round <= 50; ++round) {
    const std::string name = std::to_string(round);
    put(*store, name);
    damage(name);
    EXPECT_EQ(put(*store, name, "sound again"), PutOutcome::stored);
    ASSERT_TRUE(store->get(name));
    EXPECT_EQ(store->get(name)->chars(), "sound again");
    EXPECT_EQ(files_in("damaged"), round);
    store->remove(name);
  }
}

TEST_F(SpooledStoreTest, RemovesDamageToo) {
  far->refuses_puts = true;
  const auto store = open();
  put(*store, "a");
  damage("a");
  store->remove("a");
  EXPECT_EQ(owed(), 0);
}

TEST_F(SpooledStoreTest, SweepsWhatDeadWritersLeft) {
  put(*open(), "a");
  std::ofstream(temp / "spool" / ".tmp" / "12345-0").put('x');
  open();
  EXPECT_FALSE(std::filesystem::exists(temp / "spool" / ".tmp" / "12345-0"));
}

TEST_F(SpooledStoreTest, RefusesBadNamesEverywhere) {
  const auto store = open();
  raised(ErrorCode::bad_request, [&] { put(*store, "../a"); });
  raised(ErrorCode::bad_request, [&] { store->get(".tmp/a"); });
  raised(ErrorCode::bad_request, [&] { store->info("a//b"); });
  raised(ErrorCode::bad_request, [&] { store->remove(""); });
  EXPECT_EQ(owed(), 0);
}

TEST_F(SpooledStoreTest, GivesThePlacesOfTheFarStore) {
  far->refuses_puts = true;
  const auto store = open();
  put(*store, "a");
  EXPECT_EQ(store->url("a"), "") << "it is not there yet";
  EXPECT_FALSE(store->local_path("a"));
  EXPECT_EQ(store->url("b"), "memory://store/b");
  SpoolOptions settings = options();
  settings.directory = temp / "other";
  const auto files = make_file_store(temp / "files");
  const auto local = make_spooled_store(files, settings);
  EXPECT_EQ(local->local_path("b"), (temp / "files" / "b").string());
}

// -- write-through

TEST_F(SpooledStoreTest, ReturnsWithTheObjectInTheFarStoreWhenItWritesThrough) {
  const auto store = open_through();
  EXPECT_EQ(put(*store, "a"), PutOutcome::stored);
  EXPECT_EQ(far->get("a")->chars(), "sound");
  EXPECT_EQ(owed(), 0);
  EXPECT_EQ(put(*store, "a", "other"), PutOutcome::already_there);
  EXPECT_EQ(far->get("a")->chars(), "sound");
  EXPECT_EQ(owed(), 0);
}

TEST_F(SpooledStoreTest, KeepsTheDebtOfAWriteThatDidNotGoThrough) {
  const auto store = open_through();
  far->before_put = [](std::string_view) {
    throw Error(ErrorCode::unreachable, "no way", true).detailed("reset");
  };
  try {
    put(*store, "a");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::storage_failed);
    EXPECT_TRUE(error.retryable());
    EXPECT_EQ(error.detail(), "reset");
  }
  raised(ErrorCode::storage_failed, [&] { store->get("a"); });  // the far store has it not
  EXPECT_EQ(owed(), 1);
}

TEST_F(SpooledStoreTest, WritesTheOldDebtThroughNotTheNewBytes) {
  far->refuses_puts = true;
  const auto store = open_through();
  raised(ErrorCode::storage_failed, [&] { put(*store, "a", "first"); });
  far->refuses_puts = false;
  put(*store, "a", "second");
  EXPECT_EQ(far->get("a")->chars(), "first");
  EXPECT_EQ(owed(), 0);
}

TEST_F(SpooledStoreTest, StoresOnceForManyThreadsThatWriteThrough) {
  const auto store = open_through();
  std::atomic<int> stored{0};
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 5; ++n) stored += put(*store, std::to_string(n)) == PutOutcome::stored;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(stored, 5);
  EXPECT_EQ(far->order().size(), 5U);
  EXPECT_EQ(owed(), 0);
}

// -- disks

TEST_F(SpooledStoreTest, LeavesNothingHalfWrittenOnAFullDisk) {
  if (!OwnMounts::why().empty()) GTEST_SKIP() << OwnMounts::why();
  const Mount disk = Mount::tmpfs(temp / "disk", "64k");
  ASSERT_TRUE(disk.is_there());
  SpoolOptions settings = options();
  settings.directory = disk.path() / "spool";
  far->refuses_puts = true;
  const auto store = make_spooled_store(far, settings);
  put(*store, "a");
  raised(ErrorCode::storage_full, [&] { put(*store, "big", std::string(100'000, 'x')); });
  EXPECT_EQ(listed(*store), std::multiset<std::string>{"a=5"});
  EXPECT_FALSE(store->get("big"));
  EXPECT_EQ(store->spool_status().entries, 1);
}

TEST_F(SpooledStoreTest, WritesThroughToTheFarStoreAloneWhereTheDiskIsFull) {
  if (!OwnMounts::why().empty()) GTEST_SKIP() << OwnMounts::why();
  const Mount disk = Mount::tmpfs(temp / "disk", "64k");
  SpoolOptions settings = options();
  settings.directory = disk.path() / "spool";
  settings.write_through = true;
  const auto store = make_spooled_store(far, settings);
  EXPECT_EQ(put(*store, "big", std::string(100'000, 'x')), PutOutcome::stored);
  EXPECT_EQ(far->get("big")->size(), 100'000U);
  EXPECT_EQ(store->spool_status().entries, 0);
}

TEST_F(SpooledStoreTest, DoesNotOpenOnADiskThatMayNotBeWritten) {
  if (!OwnMounts::why().empty()) GTEST_SKIP() << OwnMounts::why();
  std::filesystem::create_directories(temp / "disk");
  const Mount disk = Mount::read_only(temp / "disk", temp / "view");
  SpoolOptions settings = options();
  settings.directory = disk.path() / "spool";
  raised(ErrorCode::storage_read_only, [&] { make_spooled_store(far, settings); });
}

}  // namespace
}  // namespace bhashatts::blob
