// Processes beside each other, and kill -9 among them.
#include <unistd.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/catalog/fixture.h"
#include "tests/support/child.h"

namespace bhashatts::catalog {
namespace {

using testing::Child;
using testing::Pipe;

// Reserves, commits and puts, one text after the other; tells each that was acknowledged.
int work(const CatalogOptions& options, int writer, int tell) {
  const auto catalog = Catalog::open(options);
  for (std::uint32_t i = 0;; ++i) {
    const std::string text = std::to_string(writer) + "/" + std::to_string(i);
    Made made = made_of(utterance_of(text), 10);
    LedgerEntry reserved;
    reserved.at = 1'700'000'000'000;
    reserved.amount_micro_usd = 50;
    made.reservation = catalog->reserve(reserved);
    made.speech = speech_of(text, {made.utterance});
    made.speech->record.story_id = "story";
    made.speech->record.page_number = writer + 1;
    catalog->commit(made);
    if (::write(tell, &i, sizeof i) != sizeof i) return 1;
    catalog->add_usage(std::vector{hit_of(*made.speech)});
  }
}

// Of the numbers that a writer tells, the one after the last of the next `most`; 0 where it told
// none before it was gone.
std::uint32_t told(int from, int most) {
  std::uint32_t count = 0;
  std::uint32_t number = 0;
  for (; most > 0 && ::read(from, &number, sizeof number) == sizeof number; --most) {
    count = number + 1;
  }
  return count;
}

class CrashTest : public CatalogTest {};

// Every other writer dies early, at its opening as likely as not; the others after some commits.
std::uint32_t run_and_kill(const CatalogOptions& options, int round, std::mt19937& random) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) return 0;
  Child writer([&] { return work(options, round, ends[1]); });
  ::close(ends[1]);
  const int commits = round % 2 == 0 ? 0 : 1 + round % 4;
  const std::uint32_t before = told(ends[0], commits);
  ::usleep(std::uniform_int_distribution<unsigned>(0, 12'000)(random));
  writer.kill();
  const std::uint32_t after = told(ends[0], 1'000'000);
  ::close(ends[0]);
  return std::max(before, after);
}

TEST_F(CrashTest, LosesNothingAcknowledgedAndKeepsNothingHalf) {
  std::mt19937 random(20261122);
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 50; ++round) {
    catalog.reset();
    const std::uint32_t count = run_and_kill(options_for(directory()), round, random);
    acknowledged += count;
    catalog = Catalog::open(options_for(directory()));
    ASSERT_FALSE(catalog->was_damaged());
    catalog->orphan_reservations();
    ASSERT_EQ(problems(), std::vector<std::string>{}) << round;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::string text = std::to_string(round) + "/" + std::to_string(i);
      ASSERT_TRUE(catalog->utterance(utterance_of(text).metadata.key)) << text;
      ASSERT_TRUE(catalog->speech(speech_of(text, {}).record.metadata.key)) << text;
    }
  }
  const Totals totals = catalog->totals();
  EXPECT_GE(acknowledged, 25);
  EXPECT_GE(totals.entries, acknowledged);
  EXPECT_LE(totals.entries, acknowledged + 50);
  EXPECT_EQ(totals.entries, totals.utterances);
}

TEST_F(CrashTest, CommitsOfManyProcessesAllCount) {
  catalog.reset();
  std::vector<Child> writers;
  for (int writer = 0; writer < 8; ++writer) {
    writers.emplace_back([&, writer] {
      const auto mine = Catalog::open(options_for(directory()));
      for (int i = 0; i < 25; ++i) {
        const auto text = std::to_string(writer) + "-" + std::to_string(i);
        mine->commit(made_of(utterance_of(text), 7));
        mine->put_speech(speech_of(text, {utterance_of(text)}));
      }
      return 0;
    });
  }
  for (auto& writer : writers) EXPECT_EQ(writer.wait(), 0);
  reopen();
  EXPECT_EQ(catalog->totals().utterances, 200);
  EXPECT_EQ(catalog->totals().paid_micro_usd, 1400);
  EXPECT_EQ(catalog->events_after(0, 1000).size(), 200U);
  EXPECT_TRUE(problems().empty());
}

TEST_F(CrashTest, CountsTheReservationOfAKilledProcessAsSpent) {
  Pipe reserved;
  Child payer([&] {
    const auto mine = Catalog::open(options_for(directory()));
    LedgerEntry entry;
    entry.at = 1'700'000'000'000;
    entry.amount_micro_usd = 14'400;
    mine->reserve(entry);
    reserved.say();
    ::pause();
    return 0;
  });
  ASSERT_TRUE(reserved.hear());
  EXPECT_EQ(catalog->orphan_reservations(), 0);
  payer.kill();
  EXPECT_EQ(catalog->orphan_reservations(), 1);
  EXPECT_EQ(catalog->totals().paid_micro_usd, 14'400);
  EXPECT_EQ(catalog->spent_micro_usd_since(0), 14'400);
}

// A child that outlives its killed parent must not keep the parent's reservations alive.
TEST_F(CrashTest, OrphansTheReservationOfAKilledProcessWhoseChildLivesOn) {
  Pipe reserved;
  Pipe grandchild_may_go;
  Child payer([&] {
    const auto mine = Catalog::open(options_for(directory()));
    LedgerEntry entry;
    entry.amount_micro_usd = 5;
    mine->reserve(entry);
    Child heir([&] {
      reserved.say();
      grandchild_may_go.hear();
      return 0;
    });
    ::pause();
    return 0;
  });
  ASSERT_TRUE(reserved.hear());
  payer.kill();
  EXPECT_EQ(catalog->orphan_reservations(), 1);
  grandchild_may_go.say();
}

TEST_F(CrashTest, NoTwoProcessesTakeTheLastOfTheBudget) {
  catalog.reset();
  std::vector<Child> payers;
  for (int i = 0; i < 6; ++i) {
    payers.emplace_back([&] {
      const auto mine = Catalog::open(options_for(directory()));
      int got = 0;
      LedgerEntry entry;
      entry.at = 1'700'000'000'000;
      entry.amount_micro_usd = 10;
      for (int round = 0; round < 10; ++round) {
        try {
          mine->settle(mine->reserve(entry, 205), entry);
          ++got;
        } catch (const std::exception&) {
        }
      }
      return got;
    });
  }
  int reserved = 0;
  for (auto& payer : payers) reserved += payer.wait();
  EXPECT_EQ(reserved, 20);
}

TEST_F(CrashTest, RejectsOnceAmongManyProcesses) {
  const UtteranceRecord part = utterance_of("सब एक साथ।");
  catalog->commit(made_of(part));
  catalog.reset();
  std::vector<Child> rejecters;
  for (int i = 0; i < 8; ++i) {
    rejecters.emplace_back([&] {
      const auto mine = Catalog::open(options_for(directory()));
      return static_cast<int>(mine->reject(part.base, 0).utterances.size());
    });
  }
  int dropped = 0;
  for (auto& rejecter : rejecters) dropped += rejecter.wait();
  reopen();
  EXPECT_EQ(dropped, 1);
  EXPECT_EQ(catalog->take_of(part.base), 1);
}

// Delivered, but the process died before the cursor moved: the next one delivers it again.
TEST_F(CrashTest, DeliversEventsAtLeastOnce) {
  for (int i = 0; i < 20; ++i) keep("e" + std::to_string(i));
  catalog.reset();
  std::set<std::uint64_t> delivered;
  for (int life = 0; life < 8; ++life) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    Child mirror([&] {
      const auto mine = Catalog::open(options_for(directory()));
      const auto events = mine->events_after(mine->cursor("mirror"), 4);
      for (const Event& event : events) {
        if (::write(ends[1], &event.id, sizeof event.id) < 0) return 1;
      }
      if (life % 2 == 0) ::kill(::getpid(), SIGKILL);
      if (!events.empty()) mine->set_cursor("mirror", events.back().id);
      return 0;
    });
    mirror.wait();
    ::close(ends[1]);
    for (std::uint64_t id = 0; ::read(ends[0], &id, sizeof id) == sizeof id;) delivered.insert(id);
    ::close(ends[0]);
  }
  EXPECT_EQ(delivered.size(), 16U);
  EXPECT_EQ(*delivered.rbegin(), 16U);
}

}  // namespace
}  // namespace bhashatts::catalog
