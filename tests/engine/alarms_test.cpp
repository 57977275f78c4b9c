// Alarms and the vigils that use them, on a clock that a test turns.
#include "engine/alarms.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <random>
#include <vector>

#include "engine/crew.h"
#include "engine/vigil.h"
#include "tests/support/manual_clock.h"
#include "tests/support/threads.h"

namespace bhashatts::engine {
namespace {

using bhashatts::testing::ManualClock;
using bhashatts::testing::threads_besides;
using bhashatts::testing::threads_fall_to;
using bhashatts::testing::threads_now;
using std::chrono::milliseconds;

class AlarmsTest : public ::testing::Test {
 protected:
  Alarms::Id set(int ms) {
    const auto id = alarms.next_id();
    set(id, ms);
    return id;
  }
  void set(Alarms::Id id, int ms) {
    alarms.set(id, start + milliseconds(ms), [this, ms] { rang(ms); });
  }
  void rang(int ms) {
    const std::lock_guard lock(mutex);
    rung.push_back(ms);
    changed.notify_all();
  }
  std::vector<int> await(std::size_t count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return rung.size() >= count; });
    return rung;
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<int> rung;
  ManualClock clock;
  const Alarms::Time start = clock.now();
  Alarms alarms{clock};
};

TEST_F(AlarmsTest, RingInTheOrderOfTheirTimes) {
  for (const int ms : {30, 10, 20, 40}) set(ms);
  clock.pass(milliseconds(30));
  EXPECT_EQ(await(3), (std::vector{10, 20, 30}));
  clock.pass(milliseconds(10));
  EXPECT_EQ(await(4).back(), 40);
}

TEST_F(AlarmsTest, RingAtOnceWhenTheirTimeIsOver) {
  set(-5);
  EXPECT_EQ(await(1), std::vector{-5});
}

TEST_F(AlarmsTest, OneThatIsCancelledNeverRings) {
  const auto first = set(10);
  set(20);
  alarms.cancel(first);
  alarms.cancel(first);
  clock.pass(milliseconds(20));
  EXPECT_EQ(await(1), std::vector{20});
}

TEST_F(AlarmsTest, OneThatIsHastenedRingsNowAndOnce) {
  set(10);
  const auto late = set(1'000);
  alarms.hasten(late);
  EXPECT_EQ(await(1), std::vector{1'000});
  alarms.hasten(late);
  clock.pass(milliseconds(2'000));
  EXPECT_EQ(await(2), (std::vector{1'000, 10}));
}

TEST_F(AlarmsTest, HasteningWhatIsNotSetDoesNothing) {
  const auto id = alarms.next_id();
  alarms.hasten(id);
  set(id, 20);
  set(10);
  clock.pass(milliseconds(20));
  EXPECT_EQ(await(2), (std::vector{10, 20}));
}

TEST_F(AlarmsTest, AnEarlierOneThatComesLaterIsNotSleptOver) {
  set(60'000);
  clock.await_waits(1);
  set(10);
  clock.await_waits(2);
  clock.pass(milliseconds(10));
  EXPECT_EQ(await(1), std::vector{10});
}

TEST_F(AlarmsTest, HaveNoThreadUntilTheFirstIsSet) {
  const auto before = threads_besides();
  alarms.cancel(alarms.next_id());
  EXPECT_EQ(threads_now(), before);
  for (int i = 0; i < 10; ++i) set(1'000);
  EXPECT_EQ(threads_now(), before + 1);
  alarms.close();
  EXPECT_TRUE(threads_fall_to(before));
}

TEST_F(AlarmsTest, OneMaySetAndCancelOthers) {
  const auto other = set(20);
  alarms.set(alarms.next_id(), start, [this, other] {
    alarms.cancel(other);
    set(15);
    rang(0);
  });
  EXPECT_EQ(await(1), std::vector{0});
  clock.pass(milliseconds(20));
  EXPECT_EQ(await(2), (std::vector{0, 15}));
}

TEST_F(AlarmsTest, ClosedForgetTheRestAndTakeNoMore) {
  auto held = std::make_shared<int>(0);
  alarms.set(alarms.next_id(), start + milliseconds(10), [held] { ++*held; });
  alarms.close();
  alarms.set(alarms.next_id(), start, [held] { ++*held; });
  alarms.close();
  clock.pass(milliseconds(10));
  EXPECT_EQ(*held, 0);
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(AlarmsTest, ClosingWaitsForTheOneThatRings) {
  std::latch ringing(1);
  std::atomic<bool> over{false};
  alarms.set(alarms.next_id(), start, [&] {
    ringing.count_down();
    std::this_thread::yield();
    over = true;
  });
  ringing.wait();
  alarms.close();
  EXPECT_TRUE(over);
}

// On the real clock: what is set rings once or not at all, and what is hastened or due does.
TEST(Alarms, ManyThreadsSetHastenAndCancel) {
  constexpr int kEach = 500;
  Alarms alarms;
  std::atomic<int> rung{0};
  std::atomic<int> doubtful{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::minstd_rand random(t + 1);
      for (int i = 0; i < kEach; ++i) {
        const auto id = alarms.next_id();
        auto times = std::make_shared<std::atomic<int>>(0);
        alarms.set(id, Alarms::Time::clock::now() + milliseconds(random() % 3), [&, times] {
          if (++*times > 1) std::abort();
          ++rung;
        });
        if (random() % 2 == 0) alarms.hasten(id);
        if (random() % 4 == 0) {
          ++doubtful;
          alarms.cancel(id);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  while (rung < 4 * kEach - doubtful) std::this_thread::yield();
  EXPECT_LE(rung, 4 * kEach);
}

// -- vigils

class VigilTest : public ::testing::Test {
 protected:
  enum class End { landed, late, left };

  void keep(std::stop_token stop = {}) {
    keep_vigil(alarms, flight,
               {.until = clock.now() + milliseconds(100),
                .stop = std::move(stop),
                .hint = milliseconds(70)},
               [this](const Error* gave_up) {
                 const std::lock_guard lock(mutex);
                 ++calls;
                 where = std::this_thread::get_id();
                 error.reset();
                 if (gave_up != nullptr) error = *gave_up;
                 changed.notify_all();
               });
  }
  ErrorCode await() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return calls > 0; });
    return error ? error->code() : ErrorCode::ok;
  }
  void land() {
    flight.complete(
        {{SharedBytes::adopt(std::string("audio")), std::make_shared<const AudioMetadata>()},
         Origin::synthesized});
  }

  std::mutex mutex;
  std::condition_variable changed;
  int calls = 0;
  std::thread::id where;
  std::optional<Error> error;
  ManualClock clock;
  Flight<Outcome> flight;
  Alarms alarms{clock};
};

TEST_F(VigilTest, OverALandedFlightEndsAtOnce) {
  land();
  keep();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(where, std::this_thread::get_id());
  EXPECT_EQ(await(), ErrorCode::ok);
}

TEST_F(VigilTest, EndsWithTheLandingAndNoticesNothingAfter) {
  std::stop_source stop;
  keep(stop.get_token());
  land();
  EXPECT_EQ(await(), ErrorCode::ok);
  stop.request_stop();
  clock.pass(milliseconds(200));
  alarms.close();
  EXPECT_EQ(calls, 1);
}

TEST_F(VigilTest, EndsWithTheDeadlineAndTellsWhenToComeBack) {
  keep();
  clock.pass(milliseconds(100));
  EXPECT_EQ(await(), ErrorCode::deadline_exceeded);
  EXPECT_EQ(error->retry_after(), milliseconds(70));
  land();
  EXPECT_EQ(calls, 1);
}

TEST_F(VigilTest, EndsWithAStopButNotOnTheThreadThatStops) {
  std::stop_source stop;
  keep(stop.get_token());
  stop.request_stop();
  EXPECT_EQ(await(), ErrorCode::cancelled);
  EXPECT_NE(where, std::this_thread::get_id());
  land();
  EXPECT_EQ(calls, 1);
}

TEST_F(VigilTest, SeesAStopThatCameBefore) {
  std::stop_source stop;
  stop.request_stop();
  keep(stop.get_token());
  EXPECT_EQ(await(), ErrorCode::cancelled);
}

TEST_F(VigilTest, HoldsNothingAfterItsEnd) {
  auto held = std::make_shared<int>(0);
  keep_vigil(alarms, flight, {.until = clock.now() + milliseconds(1), .stop = {}, .hint = {}},
             [held](const Error*) {});
  clock.pass(milliseconds(1));
  while (held.use_count() > 1) std::this_thread::yield();  // though the flight has not landed
  land();
}

TEST_F(VigilTest, ALandingADeadlineAndAStopAtOnceEndItOnce) {
  constexpr std::size_t kRounds = 500;
  std::vector<std::atomic<int>> ended(kRounds);
  for (std::atomic<int>& one : ended) {
    Flight<Outcome> contested;
    std::stop_source stop;
    std::latch go(3);
    std::thread stopper([&] {
      go.arrive_and_wait();
      stop.request_stop();
    });
    std::thread lander([&] {
      go.arrive_and_wait();
      contested.fail(Error(ErrorCode::upstream_failed, "no"));
    });
    go.arrive_and_wait();
    keep_vigil(alarms, contested, {.until = clock.now(), .stop = stop.get_token(), .hint = {}},
               [&](const Error*) { ++one; });
    stopper.join();
    lander.join();
  }
  alarms.close();
  for (const std::atomic<int>& one : ended) EXPECT_EQ(one, 1);
}

}  // namespace
}  // namespace bhashatts::engine
