// kill -9 at random moments, two hundred times and more, with another process writing meanwhile.
//
// Two workers write; one of them, by lot, is killed and begun anew in every round, so that each
// sweep after a crash runs beside a live writer. What they acknowledged is held against a fresh
// engine every few rounds, and against everything at the end. BHASHATTS_TEST_SEED repeats a run's
// lots (the moments themselves are the machine's); BHASHATTS_TEST_ROUNDS makes it longer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include "tests/engine/library.h"
#include "tests/engine/promises.h"
#include "tests/engine/worker_process.h"

namespace bhashatts::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::IsEmpty;

constexpr std::int64_t kPrice = 70;
constexpr int kThreads = 3;
constexpr int kWriters = 2;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr ? std::strtoull(value, nullptr, 10) : otherwise;
}

class Crashes : public ::testing::Test {
 protected:
  Crashes() { RecordProperty("seed", std::to_string(seed_)); }

  void begin(std::size_t slot) {
    writers_.at(slot) = std::make_unique<WorkerProcess>(
        library_.worker({"--price", std::to_string(kPrice), "--set", "workers=3"}));
    writers_.at(slot)->send("write " + std::to_string(++begun_) + ' ' + std::to_string(kThreads));
  }

  // One in four dies while it opens, the others while they write.
  void round() {
    const std::size_t slot = random_() % kWriters;
    if (random_() % 4 != 0) hear_first(slot);
    std::this_thread::sleep_for(milliseconds(random_() % 60));
    kill(slot);
    begin(slot);
    hear_all();
  }

  void hear_all() {
    for (std::size_t slot = 0; slot < kWriters; ++slot) hear(slot);
  }

  void hear_first(std::size_t slot) {
    const auto line = writers_.at(slot)->line();
    ASSERT_TRUE(line) << "a writer does not come to its feet";
    promises_.hear(*line);
  }

  // What it has said so far.
  void hear(std::size_t slot) {
    if (!writers_.at(slot)) return;
    while (const auto line = writers_.at(slot)->line(milliseconds(0))) promises_.hear(*line);
  }

  void kill(std::size_t slot) {
    WorkerProcess& writer = *writers_.at(slot);
    writer.signal(SIGKILL);
    for (const std::string& line : writer.rest()) promises_.hear(line);
    EXPECT_EQ(writer.kill(), -SIGKILL) << "it ended by itself";
    writers_.at(slot).reset();
    ++kills_;
  }

  void look(bool all) {
    promises_.remember_calls(library_.counter());
    auto engine = library_.open();
    engine.flush();  // its sweep has ended, beside a writer that lives
    promises_.check(engine, all);
    hear_all();
    promises_.confirm();
    ASSERT_THAT(promises_.broken(), IsEmpty()) << "seed " << seed_ << ", round " << kills_;
  }

  // Attempts in the ledger: every call that was counted, and at most those of each killed process
  // that were reserved and not yet begun.
  void check_ledger() {
    const auto calls = static_cast<std::int64_t>(library_.counter().total());
    const auto catalog = library_.catalog();
    const auto totals = catalog->totals();
    EXPECT_GE(totals.paid_attempts, calls);
    EXPECT_LE(totals.paid_attempts, calls + std::int64_t{kills_} * kThreads);
    EXPECT_EQ(totals.paid_micro_usd, totals.paid_attempts * kPrice);
    for (const auto& entry : catalog->ledger(1'000'000)) {
      EXPECT_NE(entry.state, catalog::AttemptState::reserved);
    }
  }

  const std::uint64_t seed_ = number_from("BHASHATTS_TEST_SEED", std::random_device{}());
  const std::uint64_t rounds_ = number_from("BHASHATTS_TEST_ROUNDS", 200);
  std::minstd_rand random_{static_cast<std::uint_fast32_t>(seed_)};
  Library library_;
  Promises promises_;
  std::array<std::unique_ptr<WorkerProcess>, kWriters> writers_;
  int begun_ = 0;
  int kills_ = 0;
};

TEST_F(Crashes, AtRandomMomentsLoseNothingAndPayNothingTwice) {
  SCOPED_TRACE("BHASHATTS_TEST_SEED=" + std::to_string(seed_));
  for (std::size_t slot = 0; slot < kWriters; ++slot) begin(slot);
  while (static_cast<std::uint64_t>(kills_) < rounds_) {
    ASSERT_NO_FATAL_FAILURE(round());
    if (kills_ % 10 != 0) continue;
    ASSERT_NO_FATAL_FAILURE(look(false));
  }
  for (std::size_t slot = 0; slot < kWriters; ++slot) kill(slot);
  ASSERT_NO_FATAL_FAILURE(look(true));
  EXPECT_GT(promises_.size(), rounds_) << "hardly anything was written";
  {
    auto engine = library_.open();
    EXPECT_THAT(problems(engine.verify(false)), IsEmpty());
  }
  EXPECT_THAT(library_.strays(), IsEmpty());
  check_ledger();
  WorkerProcess next(library_.worker());
  EXPECT_EQ(next.answer(), "ready");
  EXPECT_TRUE(next.ask("say पहला पाठ"));
  EXPECT_EQ(next.end(), 0);
  promises_.check_calls(library_.counter());
  EXPECT_THAT(promises_.broken(), IsEmpty());
}

}  // namespace
}  // namespace bhashatts::testing
