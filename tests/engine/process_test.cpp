// Many processes, one text: who makes it, who waits, and what happens when who makes it dies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/engine/library.h"
#include "tests/engine/worker_process.h"

namespace bhashatts::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr int kProcesses = 8;
constexpr int kThreads = 16;
const std::string kText = "नया पाठ जो सब एक साथ माँगते हैं";
const std::string kBurst = "burst 16 60000 ";

class Processes : public ::testing::Test {
 protected:
  using Crowd = std::vector<std::unique_ptr<WorkerProcess>>;

  Crowd crowd(const std::vector<std::string>& arguments) const {
    Crowd all;
    for (int i = 0; i < kProcesses; ++i) {
      all.push_back(std::make_unique<WorkerProcess>(library_.worker(arguments)));
    }
    for (const auto& one : all) EXPECT_EQ(one->answer(), "ready");
    return all;
  }

  // All ask; returns when every thread of every process has said that it will.
  static void ask(const Crowd& all, const std::string& text) {
    for (const auto& one : all) one->send(kBurst + text);
    for (const auto& one : all) {
      for (int i = 0; i < kThreads; ++i) EXPECT_THAT(one->answer(), StartsWith("asking"));
    }
  }

  // Without waiting: acknowledgements may come between.
  static void ask_at_once(const Crowd& all, const std::string& text) {
    for (const auto& one : all) one->send(kBurst + text);
  }

  static void collect(WorkerProcess& one, std::vector<Acknowledgement>& all) {
    for (int answers = 0; answers < kThreads;) {
      const auto line = one.line();
      ASSERT_TRUE(line) << "a caller was left without an answer";
      if (line->starts_with("asking")) continue;
      ++answers;
      const auto ack = acknowledgement(*line);
      ASSERT_TRUE(ack) << *line;
      all.push_back(*ack);
    }
  }

  static std::vector<Acknowledgement> collect(const Crowd& all) {
    std::vector<Acknowledgement> acks;
    for (const auto& one : all) collect(*one, acks);
    return acks;
  }

  static std::set<std::string> hashes(const std::vector<Acknowledgement>& acks) {
    std::set<std::string> all;
    for (const auto& ack : acks) all.insert(ack.audio_hash);
    return all;
  }

  static std::size_t leader(const Crowd& all, pid_t pid) {
    std::size_t i = 0;
    while (i < all.size() && all[i]->pid() != pid) ++i;
    return i;
  }

  // Kills who is making it, lets the next one make it, and returns the others' answers.
  std::vector<Acknowledgement> answers_after_the_leaders_death(Crowd& all) {
    EXPECT_EQ(library_.counter().await(1), 1U);
    const std::size_t first = leader(all, library_.counter().calls().front().pid);
    EXPECT_EQ(all.at(first)->kill(), -SIGKILL);
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(first));
    EXPECT_EQ(library_.counter().await(2), 2U) << "nobody took over";
    library_.open_gate();
    return collect(all);
  }

  Library library_;
};

TEST_F(Processes, AskingForOneNewTextAtOnceMakeItOnce) {
  const auto all = crowd({"--gate", library_.gate()});
  ask(all, kText);
  EXPECT_EQ(library_.counter().await(1), 1U);
  library_.open_gate();
  const auto acks = collect(all);
  EXPECT_THAT(acks, SizeIs(kProcesses * kThreads));
  EXPECT_THAT(hashes(acks), SizeIs(1));
  EXPECT_EQ(library_.counter().total(), 1U);
}

TEST_F(Processes, RacingForManyNewTextsMakeEachOnce) {
  constexpr int kTexts = 20;
  const auto all = crowd({"--price", "70"});
  for (int i = 0; i < kTexts; ++i) ask_at_once(all, kText + std::to_string(i));
  for (int i = 0; i < kTexts; ++i) collect(all);
  EXPECT_EQ(library_.counter().total(), std::size_t{kTexts});
  for (const auto& one : all) EXPECT_EQ(one->end(), 0);
  const auto ledger = library_.catalog()->ledger(1000);
  EXPECT_THAT(ledger, SizeIs(kTexts));
  for (const auto& entry : ledger) EXPECT_EQ(entry.state, catalog::AttemptState::settled);
}

TEST_F(Processes, WhoseLeaderIsKilledMakeItOnceMore) {
  auto all = crowd({"--gate", library_.gate()});
  ask(all, kText);
  const auto acks = answers_after_the_leaders_death(all);
  EXPECT_THAT(acks, SizeIs((kProcesses - 1) * kThreads));
  EXPECT_THAT(hashes(acks), SizeIs(1));
  EXPECT_EQ(library_.counter().total(), 2U);
}

TEST_F(Processes, WhoseLeaderIsKilledDoNotWaitForItsChild) {
  auto all = crowd({"--gate", library_.gate()});
  ask(all, kText);
  EXPECT_EQ(library_.counter().await(1), 1U);
  WorkerProcess& first = *all.at(leader(all, library_.counter().calls().front().pid));
  first.send("fork-sleeper");
  const std::string sleeper = first.answer();
  ASSERT_THAT(sleeper, StartsWith("sleeper "));
  const EndsProcess ends(std::stoi(sleeper.substr(8)));
  const auto acks = answers_after_the_leaders_death(all);
  EXPECT_THAT(acks, SizeIs((kProcesses - 1) * kThreads));
  EXPECT_THAT(hashes(acks), SizeIs(1));
  EXPECT_EQ(library_.counter().total(), 2U);
}

TEST_F(Processes, ThatLeaveAtTheirDeadlineFindTheSpeechLater) {
  WorkerProcess maker(library_.worker({"--gate", library_.gate()}));
  WorkerProcess other(library_.worker({"--gate", library_.gate()}));
  ASSERT_EQ(maker.answer() + other.answer(), "readyready");
  maker.send("burst 1 60000 " + kText);
  EXPECT_EQ(library_.counter().await(1), 1U);
  other.send("burst 1 50 " + kText);
  EXPECT_THAT(other.answer(), StartsWith("asking"));
  EXPECT_THAT(other.answer(), StartsWith("error deadline_exceeded"));
  library_.open_gate();
  EXPECT_THAT(other.ask("say " + kText).value_or(Acknowledgement{}).text_id, text_id(kText));
  EXPECT_EQ(library_.counter().total(), 1U);
}

TEST_F(Processes, HearOfARejectionInEveryOther) {
  WorkerProcess one(library_.worker());
  WorkerProcess other(library_.worker());
  ASSERT_EQ(one.answer() + other.answer(), "readyready");
  const auto first = one.ask("say " + kText);
  EXPECT_EQ(other.ask("say " + kText).value().audio_hash, first.value().audio_hash);
  one.send("reject " + kText);
  EXPECT_THAT(one.answer(), StartsWith("rejecting"));
  EXPECT_THAT(one.answer(), StartsWith("rejected"));
  const auto second = other.ask("say " + kText);
  EXPECT_EQ(second.value().take, 1);
  EXPECT_EQ(one.ask("say " + kText).value().audio_hash, second.value().audio_hash);
  EXPECT_EQ(library_.counter().total(), 2U);
}

}  // namespace
}  // namespace bhashatts::testing
