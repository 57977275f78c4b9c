// A hundred forks under load; parent and child both speak.
//
// The children are forked from a program full of threads on purpose, as gunicorn or a host's own
// code does; ThreadSanitizer does not follow that (label no-tsan), and AddressSanitizer's allocator
// does not survive it: a child waits for ever on a lock of the allocator that another thread of the
// parent held (seen with GCC 12 and Clang 14). A child that hangs is killed after a minute and
// fails the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/engine/library.h"
#include "tests/engine/worker_process.h"

namespace bhashatts::testing {
namespace {

using std::chrono::steady_clock;
using ::testing::Each;
using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr int kForks = 100;
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kAllocatorSurvivesFork = false;
#elif defined(__has_feature)
constexpr bool kAllocatorSurvivesFork = !__has_feature(address_sanitizer);
#else
constexpr bool kAllocatorSurvivesFork = true;
#endif
const std::string kOld = "पुराना पाठ";

// What the child's `body` returned, or minus the signal that ended it.
class Forked {
 public:
  explicit Forked(const std::function<int()>& body) : pid_(::fork()) {
    if (pid_ != 0) return;
    int status = 99;
    try {
      status = body();
    } catch (...) {
    }
    ::_exit(status);
  }
  ~Forked() { wait(); }
  Forked(const Forked&) = delete;
  Forked& operator=(const Forked&) = delete;

  int wait() {
    const auto until = steady_clock::now() + std::chrono::minutes(1);
    int status = 0;
    while (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == 0) {
      if (steady_clock::now() > until) ::kill(pid_, SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (pid_ > 0) status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    pid_ = -1;
    return status_;
  }

 private:
  pid_t pid_;
  int status_ = 0;
};

// Threads of the parent that ask for old and new texts until the end.
class Load {
 public:
  Load(TtsEngine& engine, int threads) : engine_(engine) {
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this, i] { run(i); });
    }
  }
  ~Load() { stop(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  int asked() const { return asked_; }
  int failed() const { return failed_; }

 private:
  void run(int thread) {
    for (int i = 0; !stopping_; ++i) {
      const std::string fresh = "बड़ों का पाठ " + std::to_string(thread) + ' ' + std::to_string(i);
      for (const std::string& text : {kOld, fresh, fresh}) {
        ++asked_;
        if (!says(engine_, text)) ++failed_;
      }
    }
  }

 public:
  static bool says(TtsEngine& engine, const std::string& text) {
    try {
      return speaks(engine.synthesize({.text = text}), text);
    } catch (const Error&) {
      return false;
    }
  }

 private:
  TtsEngine& engine_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> asked_{0};
  std::atomic<int> failed_{0};
  std::vector<std::thread> threads_;
};

std::string childs_text(int child) { return "बच्चे का पाठ " + std::to_string(child); }

void expect_each_made_once(const Library& library) {
  for (const auto& [utterance, count] : library.counter().by_utterance()) {
    EXPECT_EQ(count, 1) << utterance.first;
  }
}

TEST(Fork, AHundredTimesUnderLoadLeavesParentAndChildWorking) {
  if (!kAllocatorSurvivesFork) GTEST_SKIP() << "AddressSanitizer: see above";
  const Library library;
  auto engine = library.open();
  ASSERT_TRUE(Load::says(engine, kOld));
  Load load(engine, 4);
  std::vector<int> statuses;
  for (int i = 0; i < kForks; ++i) {
    Forked child(
        [&] { return Load::says(engine, childs_text(i)) && Load::says(engine, kOld) ? 0 : 1; });
    statuses.push_back(child.wait());
  }
  load.stop();
  EXPECT_THAT(statuses, Each(Eq(0)));
  EXPECT_EQ(load.failed(), 0);
  for (int i = 0; i < kForks; ++i) {
    const auto speech = engine.lookup({.text = childs_text(i)});
    EXPECT_TRUE(speech && speaks(*speech, childs_text(i)));
  }
  expect_each_made_once(library);
}

TEST(Fork, OfManyChildrenAtOnceMakesEachTextOnce) {
  if (!kAllocatorSurvivesFork) GTEST_SKIP() << "AddressSanitizer: see above";
  const Library library;
  auto engine = library.open();
  ASSERT_TRUE(Load::says(engine, kOld));
  Load load(engine, 2);
  std::vector<std::unique_ptr<Forked>> children;
  for (int i = 0; i < 16; ++i) {
    children.push_back(std::make_unique<Forked>([&] {
      bool well = true;
      for (int text = 0; text < 5; ++text) well = Load::says(engine, childs_text(text)) && well;
      return well ? 0 : 1;
    }));
  }
  for (const auto& child : children) EXPECT_EQ(child->wait(), 0);
  load.stop();
  EXPECT_EQ(load.failed(), 0);
  expect_each_made_once(library);
}

TEST(Fork, OfAChildThatClosesTheEngineLeavesTheParentAlone) {
  if (!kAllocatorSurvivesFork) GTEST_SKIP() << "AddressSanitizer: see above";
  const Library library;
  auto engine = library.open();
  Load load(engine, 2);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Forked([&] {
                engine.close();
                return 0;
              }).wait(),
              0);
    EXPECT_EQ(Forked([&] {
                const bool well = Load::says(engine, childs_text(i));
                engine.close();
                return well ? 0 : 1;
              }).wait(),
              0);
  }
  load.stop();
  EXPECT_EQ(load.failed(), 0);
  EXPECT_TRUE(Load::says(engine, childs_text(0)));
  engine.close();
  EXPECT_THAT(library.strays(), IsEmpty()) << "a child's presence stayed";
}

// In the worker: its children run its destructors, static ones included.
TEST(Fork, OfAChildThatEndsWithoutTouchingTheEngineDoesNotHang) {
  if (!kAllocatorSurvivesFork) GTEST_SKIP() << "LeakSanitizer calls what is the parent's a leak";
  const Library library;
  WorkerProcess worker(library.worker({"--gate", library.gate()}));
  ASSERT_EQ(worker.answer(), "ready");
  worker.send("burst 4 60000 " + kOld);
  for (int i = 0; i < 4; ++i) EXPECT_THAT(worker.answer(), StartsWith("asking"));
  for (int i = 0; i < 10; ++i) {
    worker.send("fork-and-end");
    EXPECT_EQ(worker.answer(), "child 0");
  }
  library.open_gate();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(acknowledgement(worker.answer()));
  EXPECT_EQ(worker.end(), 0);
  EXPECT_EQ(library.counter().total(), 1U);
}

}  // namespace
}  // namespace bhashatts::testing
