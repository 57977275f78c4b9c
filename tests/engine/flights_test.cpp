#include "engine/flights.h"

#include "engine/crew.h"

#include <gtest/gtest.h>

#include <thread>

namespace bhashatts::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr Key kKey{{1}};
constexpr Key kOtherKey{{2}};
const auto kFar = steady_clock::now() + std::chrono::hours(1);
const auto kPast = steady_clock::time_point{};

Outcome outcome() {
  return {{SharedBytes::adopt(std::string("audio")), std::make_shared<const AudioMetadata>()},
          Origin::synthesized};
}

ErrorCode wait_code(Flight<Outcome>& flight, steady_clock::time_point deadline,
                    const std::stop_token& stop) {
  try {
    flight.wait(deadline, stop, milliseconds(70));
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::ok;
}

TEST(Flights, TheFirstLeadsAndTheOthersJoin) {
  Flights<Outcome> flights;
  const auto first = flights.join(kKey);
  const auto second = flights.join(kKey);
  EXPECT_TRUE(first.leads);
  EXPECT_FALSE(second.leads);
  EXPECT_EQ(first.flight, second.flight);
  EXPECT_TRUE(flights.join(kOtherKey).leads);
}

TEST(Flights, WhoComesAfterTheLandingLeadsANewOne) {
  Flights<Outcome> flights;
  const auto first = flights.join(kKey);
  flights.leave(kKey);
  const auto next = flights.join(kKey);
  EXPECT_TRUE(next.leads);
  EXPECT_NE(next.flight, first.flight);
}

TEST(Flight, GivesAllWhoWaitItsOutcome) {
  Flight<Outcome> flight;
  std::atomic<int> landed{0};
  std::vector<std::thread> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.emplace_back(
        [&] { landed += flight.wait(kFar, {}, milliseconds(0)).entry.audio.chars() == "audio"; });
  }
  flight.complete(outcome());
  for (std::thread& thread : waiting) thread.join();
  EXPECT_EQ(landed, 4);
}

TEST(Flight, ALandedFlightServesAlsoWhoseTimeIsUpOrWhoLeft) {
  Flight<Outcome> flight;
  flight.complete(outcome());
  std::stop_source left;
  left.request_stop();
  EXPECT_EQ(wait_code(flight, kPast, left.get_token()), ErrorCode::ok);
}

TEST(Flight, RaisesWhatItFailedWith) {
  Flight<Outcome> flight;
  flight.fail(Error(ErrorCode::rate_limited, "slow down", true, milliseconds(9)));
  try {
    flight.wait(kFar, {}, milliseconds(70));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::rate_limited);
    EXPECT_TRUE(error.retryable());
    EXPECT_EQ(error.retry_after(), milliseconds(9));
  }
}

TEST(Flight, TellsWhoseTimeIsUpWhenToComeBack) {
  Flight<Outcome> flight;
  try {
    flight.wait(kPast, {}, milliseconds(70));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::deadline_exceeded);
    EXPECT_EQ(error.retry_after(), milliseconds(70));
  }
}

TEST(Flight, AStopWakesTheWaiter) {
  Flight<Outcome> flight;
  std::stop_source leaves;
  ErrorCode code = ErrorCode::ok;
  std::thread waiting([&] { code = wait_code(flight, kFar, leaves.get_token()); });
  leaves.request_stop();
  waiting.join();
  EXPECT_EQ(code, ErrorCode::cancelled);
}

TEST(Flight, TellsWhoWantsToKnowThatItLanded) {
  Flight<Outcome> flight;
  int told = 0;
  flight.when_landed([&] { ++told; });
  EXPECT_EQ(told, 0);
  flight.fail(Error(ErrorCode::upstream_failed, "502"));
  flight.when_landed([&] { ++told; });
  EXPECT_EQ(told, 2);
  EXPECT_THROW(flight.get(), Error);
}

TEST(Flights, CanBeWaitedForUntilNoneIsLeft) {
  Flights<Outcome> flights;
  flights.join(kKey);
  flights.await_none(kPast);  // does not wait for ever
  std::thread other([&] { flights.leave(kKey); });
  flights.await_none(kFar);
  other.join();
  EXPECT_TRUE(flights.join(kKey).leads);
}

}  // namespace
}  // namespace bhashatts::engine
