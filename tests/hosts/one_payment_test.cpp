// One payment for all hosts: while all is well, when who makes it is killed, when Redis goes, and
// within one budget.
#include <signal.h>

#include <cstddef>

#include "tests/hosts/hosts_fixture.h"

namespace bhashatts::testing {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::vector<std::string> kHosts{"red", "green", "blue"};

class OnePayment : public HostsTest {
 protected:
  // All threads of all processes ask for the same texts.
  static void ask(const Crowd& all, int threads, int texts) {
    for (const auto& one : all) {
      one->send("storm " + std::to_string(threads) + " 80000 " + std::to_string(texts) + " पाठ ");
    }
  }
  static Heard collect(const Crowd& all, std::size_t answers) {
    Heard heard;
    for (const auto& one : all) heard.collect(*one, answers);
    return heard;
  }
  // Of each utterance, by which hosts it was paid for.
  std::map<Counter::Utterance, std::multiset<std::string>> payers(const Crowd& all) const {
    std::map<pid_t, std::string> host;
    for (std::size_t i = 0; i < all.size(); ++i) {
      host[all[i]->pid()] = kHosts[i * kHosts.size() / all.size()];
    }
    std::map<Counter::Utterance, std::multiset<std::string>> payers;
    for (const auto& call : calls().calls()) {
      payers[{call.text_id, call.take}].insert(host[call.pid]);
    }
    return payers;
  }
};

TEST_F(OnePayment, ServesThreeHostsOfFourProcessesOfEightThreads) {
  Crowd all = crowd(kHosts, 4);
  ask(all, 8, 50);
  const Heard heard = collect(all, 8 * 50);
  EXPECT_THAT(heard.errors, IsEmpty());
  EXPECT_THAT(heard.acks, SizeIs(12 * 8 * 50));
  EXPECT_THAT(heard.audios(), SizeIs(50));
  for (const auto& [text, audios] : heard.audios()) EXPECT_THAT(audios, SizeIs(1)) << text;
  EXPECT_EQ(calls().total(), 50U);
  finish(all);
  EXPECT_THAT(bucket->masters(), SizeIs(50));
}

TEST_F(OnePayment, IsMadeAgainByOneWhenItsMakerIsKilled) {
  Crowd makers = crowd({"red"}, 1, {"--gate", gate()});
  ask(makers, 4, 4);
  ASSERT_EQ(calls().await(4), 4U);
  Crowd others = crowd({"green", "blue"}, 2, {"--gate", gate()});
  ask(others, 4, 4);
  EXPECT_EQ(makers[0]->kill(), -SIGKILL);
  EXPECT_EQ(calls().await(8), 8U) << "nobody took over";
  open_gate();
  const Heard heard = collect(others, 4 * 4);
  EXPECT_THAT(heard.errors, IsEmpty());
  for (const auto& [text, audios] : heard.audios()) EXPECT_THAT(audios, SizeIs(1)) << text;
  EXPECT_EQ(calls().total(), 8U);
  EXPECT_EQ(most_calls_of_one(), 2);
  finish(others);
  EXPECT_THAT(bucket->masters(), SizeIs(4));
}

TEST_F(OnePayment, IsOneForEachHostWhenRedisGoes) {
  counted.samples = 30'000;
  Crowd all = crowd(kHosts, 2, {"--samples", "30000"});
  ask(all, 8, 60);
  calls().await(15);
  redis->kill();
  const Heard heard = collect(all, 8 * 60);
  EXPECT_THAT(heard.errors, IsEmpty());
  for (const auto& [utterance, hosts] : payers(all)) {
    for (const std::string& host : kHosts) EXPECT_LE(hosts.count(host), 1U) << host;
  }
  EXPECT_THAT(payers(all), SizeIs(60));
  const std::size_t paid = calls().total();
  ask(all, 2, 60);
  const Heard again = collect(all, 2 * 60);
  EXPECT_THAT(again.errors, IsEmpty());
  for (const auto& ack : again.acks) EXPECT_THAT(ack.origin, ::testing::AnyOf("memory", "lmdb"));
  EXPECT_EQ(calls().total(), paid);
  finish(all);
  EXPECT_THAT(bucket->masters(), SizeIs(60));
}

// Two hosts that knew nothing of each other have each paid; the one whose take came second to the
// bucket follows the first, and neither ever pays again.
TEST_F(OnePayment, MadeTwiceIsOneTakeInTheEnd) {
  without_redis();
  const std::string text = "दो बार बना पाठ";
  bucket->kill();
  const std::string one = bytes_of(open("red").synthesize({.text = text}));
  EXPECT_NE(bytes_of(open("green").synthesize({.text = text})), one);
  bucket->start();
  for (const char* host : {"red", "green"}) {
    auto engine = open(host);
    EXPECT_TRUE(await([&] { return engine.status().spool_entries == 0; }));
  }
  ASSERT_EQ(calls().total(), 2U);
  for (int round = 0; round < 2; ++round) {
    std::set<std::string> heard;
    for (const char* host : {"red", "green"}) {
      std::filesystem::remove_all(data(host) / "cache");  // a day later
      heard.insert(bytes_of(open(host).synthesize({.text = text})));
    }
    EXPECT_THAT(heard, SizeIs(1));
  }
  for (const char* host : {"red", "green"})
    EXPECT_THAT(open(host).verify(false).problems, IsEmpty());
  EXPECT_EQ(calls().total(), 2U);
  EXPECT_THAT(bucket->masters(), SizeIs(1));
}

TEST_F(OnePayment, OfAllHostsStaysWithinOneBudget) {
  settings["budget_usd_month"] = "0.001";
  Crowd all = crowd(kHosts, 2, {"--price", "90"});  // eleven calls, and ten micro-dollars
  ask(all, 4, 40);
  const Heard heard = collect(all, 4 * 40);
  EXPECT_EQ(calls().total(), 11U);
  EXPECT_EQ(most_calls_of_one(), 1);
  EXPECT_THAT(heard.errors, Each(StartsWith("error budget_exhausted")));
  EXPECT_THAT(heard.audios(), SizeIs(11));
  finish(all);
}

// Reserved at the bound, settled at the price: 9 x 90 + 150 is borne, 10 x 90 + 150 is not.
TEST_F(OnePayment, OfAllHostsCountsWhatCallsCostNotWhatTheyMightHave) {
  settings["budget_usd_month"] = "0.001";
  counted.price_micro_usd = 90;
  counted.bound_micro_usd = 150;
  std::vector<TtsEngine> engines;
  for (const std::string& host : kHosts) engines.push_back(open(host));
  int said = 0;
  while (code_of([&] {
           engines[static_cast<std::size_t>(said) % engines.size()].synthesize(
               {.text = "पाठ " + std::to_string(said)});
         }) == ErrorCode::ok) {
    ++said;
    ASSERT_LT(said, 20);
  }
  EXPECT_EQ(said, 10);
  for (TtsEngine& engine : engines) EXPECT_EQ(engine.status().spent_micro_usd_month, 900);
}

}  // namespace
}  // namespace bhashatts::testing
