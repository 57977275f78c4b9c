// Real processes that are killed: whatever was acknowledged is in the far store at the end, once
// and whole, and never do two of them upload at a time.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <string>

#include "base/lock_file.h"
#include "bhashatts/error.h"
#include "blob/file_store.h"
#include "blob/spooled_store.h"
#include "tests/blob/spool_trial.h"
#include "tests/support/child.h"

namespace bhashatts::blob {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::bytes_of;
using testing::Child;
using testing::Pipe;

constexpr int kWriters = 4;
constexpr int kObjects = 200;

// What all processes of a test see.
struct Board {
  std::array<std::atomic<int>, kWriters> acknowledged{};
  std::atomic<int> uploads{0};
  std::atomic<int> uploads_beside_another{0};
  std::atomic<bool> is_down{false};
};

class SharedBoard {
 public:
  SharedBoard()
      : page_(::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                     0)),
        board_(new (page_) Board) {}
  ~SharedBoard() { ::munmap(page_, sizeof(Board)); }
  SharedBoard(const SharedBoard&) = delete;
  SharedBoard& operator=(const SharedBoard&) = delete;
  Board* operator->() const { return board_; }
  Board& operator*() const { return *board_; }

 private:
  void* page_;
  Board* board_;
};

// A directory as the far store. It counts uploads, and those that begin while another goes on, by a
// lock that ends with its process.
class Far final : public testing::FakeBlobStore {
 public:
  Far(const std::filesystem::path& root, Board& board)
      : store_(make_file_store(root)), locks_(LockFile::open(root / "lock")), board_(board) {}

  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels& labels) override {
    const auto alone = locks_->try_lock(1);
    ++board_.uploads;
    if (!alone) ++board_.uploads_beside_another;
    if (board_.is_down) throw Error(ErrorCode::unreachable, "the store is down", true);
    return store_->put_if_absent(name, bytes, labels);
  }

 private:
  std::shared_ptr<BlobStore> store_;
  std::shared_ptr<LockFile> locks_;
  Board& board_;
};

std::string name_of(int writer, int number) {
  return "audio/" + std::to_string(writer) + "/" + std::to_string(number);
}
std::string content_of(int writer, int number) {
  const auto size = static_cast<std::size_t>(500 + number * 37 % 4'000);
  return name_of(writer, number) + std::string(size, static_cast<char>('a' + writer));
}

class SpooledStoreProcesses : public testing::SpoolTrial {
 protected:
  std::shared_ptr<SpooledStore> open() {
    std::filesystem::create_directories(temp / "far");
    return make_spooled_store(std::make_shared<Far>(temp / "far", *board), options());
  }
  // Goes on where the one before it was killed.
  Child writer(int number) {
    return Child([this, number] {
      const auto store = open();
      std::atomic<int>& done = board->acknowledged[static_cast<std::size_t>(number)];
      while (done < kObjects) {
        store->put_if_absent(name_of(number, done), bytes_of(content_of(number, done)), {});
        ++done;
      }
      return 0;
    });
  }
  // In a process of its own, so that this one stays without threads.
  int drained() {
    return Child([this] {
             const auto store = open();
             if (!store->drain(steady_clock::now() + std::chrono::seconds(60))) return 1;
             return store->spool_status().trouble ? 2 : 0;
           })
        .wait();
  }
  bool all_are_written() const {
    return std::all_of(board->acknowledged.begin(), board->acknowledged.end(),
                       [](const auto& done) { return done >= kObjects; });
  }
  void expect_all_in_the_far_store() const {
    const auto far_files = make_file_store(temp / "far", true);
    int found = 0;
    far_files->list("audio/", [&found](const BlobInfo&) { return ++found > 0; });
    EXPECT_EQ(found, kWriters * kObjects);
    for (int writer = 0; writer < kWriters; ++writer) {
      for (int number = 0; number < kObjects; ++number) {
        const auto object = far_files->get(name_of(writer, number));
        ASSERT_TRUE(object) << name_of(writer, number);
        ASSERT_EQ(object->chars(), content_of(writer, number));
      }
    }
  }

  SharedBoard board;
};

TEST_F(SpooledStoreProcesses, LoseNothingAndUploadOneAtATimeHoweverOftenTheyAreKilled) {
  std::mt19937 random(11);
  std::array<std::optional<Child>, kWriters> writers;
  for (int i = 0; i < kWriters; ++i) writers[static_cast<std::size_t>(i)].emplace(writer(i));
  int kills = 0;
  for (; kills < 40 && !all_are_written(); ++kills) {
    ::usleep(std::uniform_int_distribution<unsigned>(1'000, 60'000)(random));
    const auto victim = std::uniform_int_distribution<std::size_t>(0, kWriters - 1)(random);
    writers[victim]->kill();
    board->is_down = kills % 4 == 1;  // it comes and goes, too
    writers[victim].emplace(writer(static_cast<int>(victim)));
  }
  board->is_down = false;
  for (auto& one : writers) EXPECT_EQ(one->wait(), 0);
  EXPECT_EQ(drained(), 0);
  EXPECT_GT(kills, 5);
  EXPECT_GE(board->uploads, kWriters * kObjects);
  EXPECT_EQ(board->uploads_beside_another, 0);
  expect_all_in_the_far_store();
  EXPECT_EQ(owed(), 0);
  EXPECT_EQ(files_in("damaged"), 0);
  EXPECT_EQ(files_in(".tmp"), 0);
}

TEST_F(SpooledStoreProcesses, KeepAnObjectThoughKilledRightAfterPuttingIt) {
  board->is_down = true;
  for (int i = 0; i < 10; ++i) {
    Child putter([&] {
      open()->put_if_absent(name_of(0, i), bytes_of(content_of(0, i)), {});
      ::raise(SIGKILL);
      return 0;
    });
    EXPECT_EQ(putter.wait(), -SIGKILL);
  }
  Child reader([&] {
    const auto store = open();
    for (int i = 0; i < 10; ++i) {
      if (store->get(name_of(0, i))->chars() != content_of(0, i)) return 1;
    }
    return store->spool_status().entries == 10 ? 0 : 2;
  });
  EXPECT_EQ(reader.wait(), 0);
}

TEST_F(SpooledStoreProcesses, TakeOverFromOneThatWasKilledInAnUpload) {
  Pipe uploading;
  Child first([&] {
    const auto stuck = std::make_shared<testing::FakeBlobStore>();
    stuck->before_put = [&](std::string_view) {
      uploading.say();
      ::pause();
    };
    const auto store = make_spooled_store(stuck, options());
    store->put_if_absent("a", bytes_of("sound"), {});
    ::pause();
    return 0;
  });
  ASSERT_TRUE(uploading.hear());
  EXPECT_EQ(owed(), 1);
  first.kill();
  EXPECT_EQ(drained(), 0);
  EXPECT_EQ(make_file_store(temp / "far", true)->get("a")->chars(), "sound");
}

TEST_F(SpooledStoreProcesses, LeaveTheUploadsToOneAndSeeItsTrouble) {
  board->is_down = true;
  Pipe failed;
  Pipe go;
  Child first([&] {
    const auto store = open();
    store->put_if_absent("a", bytes_of("sound"), {});
    while (!store->spool_status().trouble) ::usleep(1'000);
    failed.say();
    go.hear();
    return store->drain(steady_clock::now() + std::chrono::seconds(60)) ? 0 : 1;
  });
  ASSERT_TRUE(failed.hear());
  Child second([&] {
    const auto store = open();
    store->put_if_absent("b", bytes_of("sound"), {});
    const auto trouble = store->spool_status().trouble;
    if (!trouble || trouble->code() != ErrorCode::unreachable) return 1;
    board->is_down = false;
    go.say();
    return store->drain(steady_clock::now() + std::chrono::seconds(60)) ? 0 : 2;
  });
  EXPECT_EQ(second.wait(), 0);
  EXPECT_EQ(first.wait(), 0);
  EXPECT_EQ(board->uploads_beside_another, 0);
}

TEST_F(SpooledStoreProcesses, DoNotBringBackWhatOneRemovesWhileAnotherUploads) {
  Pipe uploading;
  Pipe go;
  std::filesystem::create_directories(temp / "far");
  Child uploader([&] {
    const auto slow = std::make_shared<testing::FakeBlobStore>();
    const auto files = make_file_store(temp / "far");
    slow->before_put = [&](std::string_view name) {
      uploading.say();
      go.hear();
      files->put_if_absent(name, bytes_of("sound"), {});
    };
    const auto store = make_spooled_store(slow, options());
    store->put_if_absent("a", bytes_of("sound"), {});
    return store->drain(steady_clock::now() + std::chrono::seconds(60)) ? 0 : 1;
  });
  ASSERT_TRUE(uploading.hear());
  Child remover([&] {
    const auto store = make_spooled_store(make_file_store(temp / "far"), options());
    go.say();
    store->remove("a");
    return store->get("a") ? 1 : 0;
  });
  EXPECT_EQ(remover.wait(), 0);
  EXPECT_EQ(uploader.wait(), 0);
  EXPECT_FALSE(make_file_store(temp / "far", true)->get("a"));
}

}  // namespace
}  // namespace bhashatts::blob
