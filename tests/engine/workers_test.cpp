#include "engine/workers.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <latch>

namespace bhashatts::engine {
namespace {

using std::chrono::milliseconds;
using Later = std::optional<milliseconds>;

struct Tally {
  std::atomic<int> ran{0};
  std::atomic<int> abandoned{0};
};

class Task final : public Job {
 public:
  using Body = std::function<Later(const std::stop_token&)>;
  Task(Tally& tally, Body body) : tally_(tally), body_(std::move(body)) {}
  Later run(const std::stop_token& stop) noexcept override {
    ++tally_.ran;
    return body_(stop);
  }
  void abandon() noexcept override { ++tally_.abandoned; }

 private:
  Tally& tally_;
  Body body_;
};

std::unique_ptr<Job> task(Tally& tally, Task::Body body) {
  return std::make_unique<Task>(tally, std::move(body));
}
Later nothing(const std::stop_token&) { return std::nullopt; }
auto patiently() { return std::chrono::steady_clock::now() + std::chrono::minutes(1); }
auto at_once() { return std::chrono::steady_clock::now(); }

// Runs until the stop.
Task::Body until_stopped(std::latch& begun) {
  return [&begun](const std::stop_token& stop) -> Later {
    begun.count_down();
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait(lock, stop, [] { return false; });
    return std::nullopt;
  };
}

TEST(Workers, RunsEveryJobOnce) {
  Tally tally;
  Workers workers(3);
  for (int i = 0; i < 50; ++i) workers.submit(task(tally, nothing));
  workers.close(patiently());
  EXPECT_EQ(tally.ran, 50);
  EXPECT_EQ(tally.abandoned, 0);
}

TEST(Workers, AJobComesBackWhenItAsksTo) {
  Tally tally;
  Workers workers(1);
  workers.submit(task(tally, [&](const std::stop_token&) -> Later {
    if (tally.ran < 4) return milliseconds(1);
    return std::nullopt;
  }));
  workers.close(patiently());
  EXPECT_EQ(tally.ran, 4);
}

TEST(Workers, AJobThatWaitsHoldsNoThread) {
  Tally waiting;
  Tally passing;
  Workers workers(1);
  workers.submit(task(waiting, [&](const std::stop_token&) -> Later {
    if (passing.ran < 5) return milliseconds(1);
    return std::nullopt;
  }));
  for (int i = 0; i < 5; ++i) workers.submit(task(passing, nothing));
  workers.close(patiently());
  EXPECT_EQ(passing.ran, 5);
  EXPECT_EQ(waiting.abandoned, 0);
}

TEST(Workers, ClosingWithoutPatienceStopsTheRunningAndAbandonsTheRest) {
  Tally running;
  Tally queued;
  std::latch begun(1);
  Workers workers(1);
  workers.submit(task(running, until_stopped(begun)));
  begun.wait();
  for (int i = 0; i < 3; ++i) workers.submit(task(queued, nothing));
  EXPECT_EQ(workers.pending(), 4);
  workers.close(at_once());
  EXPECT_EQ(running.ran, 1);
  EXPECT_EQ(queued.ran, 0);
  EXPECT_EQ(queued.abandoned, 3);
}

TEST(Workers, AClosedPoolAbandonsAtOnce) {
  Tally tally;
  Workers workers(1);
  workers.close(at_once());
  workers.submit(task(tally, nothing));
  workers.close(at_once());
  EXPECT_EQ(tally.ran, 0);
  EXPECT_EQ(tally.abandoned, 1);
}

// Whoever hears that a job was abandoned may ask for more work, and is told at once.
TEST(Workers, AnAbandonedJobMaySubmitAnother) {
  struct Asking final : Job {
    Asking(Workers& pool, Tally& others) : workers(pool), tally(others) {}
    Later run(const std::stop_token&) noexcept override { return milliseconds(60'000); }
    void abandon() noexcept override { workers.submit(task(tally, nothing)); }
    Workers& workers;
    Tally& tally;
  };
  Tally tally;
  Workers workers(1);
  workers.submit(std::make_unique<Asking>(workers, tally));
  workers.close(at_once());
  EXPECT_EQ(tally.abandoned, 1);
}

TEST(Workers, NoMoreJobsAtOnceThanThreads) {
  Tally tally;
  std::atomic<int> at_once_now{0};
  std::atomic<int> most{0};
  Workers workers(2);
  for (int i = 0; i < 20; ++i) {
    workers.submit(task(tally, [&](const std::stop_token&) -> Later {
      const int now = ++at_once_now;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      --at_once_now;
      return std::nullopt;
    }));
  }
  workers.close(patiently());
  EXPECT_LE(most, 2);
}

// A submit may not spend its wake-up on the thread that closes: the job would wait out the drain.
TEST(Workers, SubmittingBesideClosingLosesNothing) {
  for (int round = 0; round < 50; ++round) {
    Tally tally;
    Workers workers(2);
    workers.submit(task(tally, nothing));
    std::thread submitter([&] {
      for (int i = 0; i < 20; ++i) workers.submit(task(tally, nothing));
    });
    workers.close(patiently());
    submitter.join();
    EXPECT_EQ(tally.ran + tally.abandoned, 21);
  }
}

}  // namespace
}  // namespace bhashatts::engine
