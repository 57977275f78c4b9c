// A sweep after a crash, while another process is in the middle of writing.
//
// The writer is stopped at an exact place (break_points.h); another process is killed, so that the
// next opener has a death to clean up after; the writer must find all that it had in hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "tests/engine/library.h"
#include "tests/engine/worker_process.h"

namespace bhashatts::testing {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string kText = "आधा लिखा हुआ पाठ";

class Sweep : public ::testing::Test {
 protected:
  // Another process dies; the next one to open sweeps, to the end.
  void sweep_after_a_death() {
    WorkerProcess unlucky(library_.worker({"--gate", library_.gate(), "--price", "70"}));
    EXPECT_EQ(unlucky.answer(), "ready");
    const auto calls = library_.counter().total();
    unlucky.send("burst 1 60000 किसी और का पाठ");
    library_.counter().await(calls + 1);
    EXPECT_EQ(unlucky.kill(), -SIGKILL);
    auto engine = library_.open();
    engine.flush();
    EXPECT_THAT(states(), Contains(catalog::AttemptState::orphaned));
  }

  std::vector<catalog::AttemptState> states() const {
    std::vector<catalog::AttemptState> all;
    for (const auto& entry : library_.catalog()->ledger(100)) all.push_back(entry.state);
    return all;
  }

  // What the writer acknowledged is there, recorded, and was made once.
  void expect_kept(const Acknowledgement& ack) {
    const auto calls = library_.counter().by_utterance();
    EXPECT_EQ(calls.at({ack.text_id, 0}), 1);
    {
      auto engine = library_.open();
      const auto speech = engine.lookup({.text = ack.text});
      ASSERT_TRUE(speech);
      EXPECT_EQ(audio_hash(speech->audio()), ack.audio_hash);
      EXPECT_EQ(speech->cache_key().hex(), ack.cache_key);
      EXPECT_THAT(problems(engine.verify(false)), IsEmpty());
    }
    EXPECT_THAT(library_.strays(), IsEmpty());
    for (const auto& entry : library_.catalog()->ledger(100)) {
      EXPECT_EQ(entry.outcome == "made", entry.state == catalog::AttemptState::settled);
    }
  }

  void expect_spared(const std::vector<std::string>& stop) {
    std::vector<std::string> arguments{"--price", "70"};
    arguments.insert(arguments.end(), stop.begin(), stop.end());
    WorkerProcess writer(library_.worker(arguments));
    ASSERT_EQ(writer.answer(), "ready");
    writer.send("page story 1 " + kText);
    ASSERT_TRUE(writer.await_stop());
    sweep_after_a_death();
    writer.signal(SIGCONT);
    const auto ack = acknowledgement(writer.answer());
    ASSERT_TRUE(ack);
    EXPECT_EQ(writer.end(), 0);
    expect_kept(*ack);
  }

  Library library_;
};

TEST_F(Sweep, SparesTheReservationOfALiveAttempt) {
  WorkerProcess writer(library_.worker({"--gate", library_.gate(), "--price", "70"}));
  ASSERT_EQ(writer.answer(), "ready");
  writer.send("burst 1 60000 " + kText);
  EXPECT_EQ(library_.counter().await(1), 1U);
  EXPECT_THAT(writer.answer(), StartsWith("asking"));
  sweep_after_a_death();
  EXPECT_THAT(states(), Contains(catalog::AttemptState::reserved));
  library_.open_gate();
  const auto ack = acknowledgement(writer.answer());
  ASSERT_TRUE(ack);
  EXPECT_EQ(writer.end(), 0);
  expect_kept(*ack);
  EXPECT_THAT(states(), Contains(catalog::AttemptState::settled));
}

TEST_F(Sweep, SparesATemporaryObjectOfALiveWriter) {
  expect_spared({"--stop-before", "renameat2"});
}

TEST_F(Sweep, SparesAnObjectWhoseRecordIsNotYetWritten) {
  expect_spared({"--stop-after", "renameat2"});
}

TEST_F(Sweep, SparesATemporaryCacheFileOfALiveWriter) {
  WorkerProcess writer(library_.worker({"--price", "70", "--stop-after", "setxattr"}));
  ASSERT_EQ(writer.answer(), "ready");
  writer.send("say " + kText);
  ASSERT_TRUE(writer.await_stop());
  sweep_after_a_death();
  writer.signal(SIGCONT);
  const auto ack = acknowledgement(writer.answer());
  ASSERT_TRUE(ack);
  writer.send("flush");
  EXPECT_EQ(writer.answer(), "flushed");
  EXPECT_THAT(library_.cached_files(), SizeIs(1));
  EXPECT_EQ(writer.end(), 0);
  expect_kept(*ack);
}

TEST_F(Sweep, BuriesTheDeadAndOnlyThem) {
  WorkerProcess living(library_.worker());
  ASSERT_EQ(living.answer(), "ready");
  sweep_after_a_death();
  std::size_t present = 0;
  for (const auto& file : std::filesystem::directory_iterator(library_.root() / "live")) {
    present += file.exists() ? 1U : 0U;
  }
  EXPECT_EQ(present, 1U);
  EXPECT_EQ(living.end(), 0);
  EXPECT_TRUE(std::filesystem::is_empty(library_.root() / "live"));
}

}  // namespace
}  // namespace bhashatts::testing
