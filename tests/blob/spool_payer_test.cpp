// Steps without a thread, on a clock that the test moves.
#include "blob/spool_payer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "bhashatts/log.h"
#include "tests/blob/spool_trial.h"
#include "tests/support/fake_waiter.h"

namespace bhashatts::blob {
namespace {

using std::chrono::milliseconds;
using testing::bytes_of;

constexpr milliseconds kNothing{0};

class SpoolPayerTest : public testing::SpoolTrial {
 protected:
  void owe(const std::string& name) { spool.add(name, bytes_of("of " + name), {}); }
  milliseconds step(bool hurry = false) { return payer.step(hurry); }
  // Until it rests; how long it wants to.
  milliseconds pay_all() {
    milliseconds rest = step();
    for (int steps = 1; rest == kNothing && steps < 1'000; ++steps) rest = step();
    return rest;
  }
  // As another process of the host sees it.
  std::optional<Error> trouble_seen() const { return SpoolTrouble(spool.trouble_file()).last(); }
  void refuse(ErrorCode code, milliseconds retry_after = kNothing) {
    far->before_put = [=](std::string_view) { throw Error(code, "no", true, retry_after); };
  }
  void refuse_one(const std::string& refused) {
    far->before_put = [=](std::string_view name) {
      if (name == refused) throw Error(ErrorCode::bad_request, "this one never");
    };
  }

  SpoolOptions usual_pauses() const {
    SpoolOptions usual = options();
    usual.first_pause = milliseconds{1'000};
    usual.longest_pause = milliseconds{300'000};
    return usual;
  }

  const SpoolOptions settings = usual_pauses();
  SpoolDirectory spool{settings.directory};
  SpoolTrouble trouble{spool.trouble_file()};
  testing::FakeWaiter clock;
  SpoolPayer payer{spool, *far, trouble, settings, clock};
};

TEST_F(SpoolPayerTest, PaysTheOldestFirst) {
  for (const char* name : {"a", "b", "c"}) owe(name);
  make_older("b", 100);
  make_older("c", 50);
  EXPECT_GT(pay_all(), kNothing);
  EXPECT_EQ(far->order(), (std::vector<std::string>{"b", "c", "a"}));
  EXPECT_EQ(owed(), 0);
  EXPECT_EQ(far->get("b")->chars(), "of b");
}

TEST_F(SpoolPayerTest, PausesForTwiceAsLongAfterEachFailureOfTheStore) {
  owe("a");
  refuse(ErrorCode::storage_failed);
  for (const int most : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
    const milliseconds pause = step();
    EXPECT_LE(pause, milliseconds{1'000 * most});
    EXPECT_GE(pause, milliseconds{500 * most});
    clock.pass(pause / 2);
    EXPECT_EQ(step(), pause - pause / 2);  // asks for nothing before
    clock.pass(pause - pause / 2);
  }
  EXPECT_EQ(far->puts, 11);
  EXPECT_EQ(owed(), 1);
}

TEST_F(SpoolPayerTest, BeginsWithAShortPauseAgainAfterASuccess) {
  owe("a");
  refuse(ErrorCode::unreachable);
  for (int i = 0; i < 6; ++i) clock.pass(step());
  EXPECT_EQ(trouble_seen()->code(), ErrorCode::unreachable);
  far->before_put = nullptr;
  pay_all();
  EXPECT_EQ(owed(), 0);
  EXPECT_FALSE(trouble_seen());
  owe("b");
  refuse(ErrorCode::unreachable);
  EXPECT_LE(step(), milliseconds{1'000});
}

TEST_F(SpoolPayerTest, PausesFromTheEndOfAnUploadThatTookLong) {
  owe("a");
  far->before_put = [this](std::string_view) {
    clock.pass(milliseconds{30'000});
    throw Error(ErrorCode::storage_failed, "no answer", true);
  };
  EXPECT_GE(step(), milliseconds{500});
  EXPECT_GE(step(), milliseconds{500});  // woken by a put, say
  EXPECT_EQ(far->puts, 1);
}

TEST_F(SpoolPayerTest, WaitsForAsLongAsTheStoreAsksButNoLongerThanItsLongestPause) {
  owe("a");
  refuse(ErrorCode::rate_limited, milliseconds{40'000});
  EXPECT_EQ(step(), milliseconds{40'000});
  clock.pass(milliseconds{40'000});
  refuse(ErrorCode::rate_limited, milliseconds{9'000'000});
  EXPECT_EQ(step(), milliseconds{300'000});
}

TEST_F(SpoolPayerTest, PutsOffOnlyTheDebtThatTheStoreWillNotTake) {
  for (const char* name : {"bad", "good", "fine"}) owe(name);
  make_older("bad", 100);
  refuse_one("bad");
  const milliseconds rest = pay_all();
  EXPECT_EQ(far->names(), (std::vector<std::string>{"fine", "good"}));
  EXPECT_EQ(owed(), 1);
  EXPECT_LE(rest, milliseconds{1'000});
  EXPECT_EQ(trouble_seen()->code(), ErrorCode::bad_request);  // until it is gone, in some way
  const int before = far->puts;
  clock.pass(rest / 2);
  EXPECT_GT(step(), kNothing);
  EXPECT_EQ(far->puts, before);
}

// A right that is missing for one name: the oldest, so that it is asked for first each time.
TEST_F(SpoolPayerTest, PaysTheOthersWhenOneIsForbidden) {
  for (const char* name : {"bad", "good", "fine"}) owe(name);
  make_older("bad", 100);
  far->before_put = [](std::string_view name) {
    if (name == "bad") throw Error(ErrorCode::storage_failed, "403");
  };
  pay_all();
  EXPECT_EQ(far->names(), (std::vector<std::string>{"fine", "good"}));
  EXPECT_EQ(owed(), 1);
}

TEST_F(SpoolPayerTest, PausesAltogetherWhenTheNextIsForbiddenToo) {
  for (const char* name : {"a", "b", "c", "d"}) owe(name);
  far->before_put = [](std::string_view) { throw Error(ErrorCode::storage_failed, "403"); };
  pay_all();
  EXPECT_EQ(far->puts, 2);
}

TEST_F(SpoolPayerTest, ForgetsTheTroubleOfADebtThatWasRemoved) {
  owe("bad");
  refuse_one("bad");
  pay_all();
  EXPECT_TRUE(trouble_seen());
  EXPECT_TRUE(spool.forget("bad"));
  pay_all();
  EXPECT_FALSE(trouble_seen());
}

TEST_F(SpoolPayerTest, TriesAllAtOnceWhenHurried) {
  owe("a");
  owe("b");
  refuse(ErrorCode::storage_failed);
  for (int i = 0; i < 5; ++i) clock.pass(step());
  step();
  far->before_put = nullptr;
  EXPECT_GT(step(), kNothing);
  EXPECT_EQ(step(true), kNothing);
  pay_all();
  EXPECT_EQ(owed(), 0);
}

TEST_F(SpoolPayerTest, LeavesTheFirstHostsObjectAndDropsOurs) {
  std::string told;
  set_log_sink([&told](LogLevel, std::string_view, std::string_view line) { told += line; });
  far->put_if_absent("a", bytes_of("theirs"), {});
  owe("a");
  pay_all();
  EXPECT_EQ(owed(), 0);
  EXPECT_EQ(far->get("a")->chars(), "theirs");
  EXPECT_NE(told.find("a was in the store before"), std::string::npos);
}

TEST_F(SpoolPayerTest, SetsAsideWhatIsDamagedOrForeignAndGoesOn) {
  owe("a");
  owe("b");
  damage("a");
  std::ofstream(temp / "spool" / "README") << "what is this?";
  std::ofstream(file_of("torn")) << "";
  std::filesystem::copy(file_of("b"), file_of("misplaced"));
  pay_all();
  EXPECT_EQ(far->names(), std::vector<std::string>{"b"});
  EXPECT_EQ(owed(), 0);
  EXPECT_EQ(spool.damaged_files(), 4);
}

TEST_F(SpoolPayerTest, KeepsEachOfSeveralDamagedFilesOfOneName) {
  for (int i = 0; i < 3; ++i) {
    owe("a");
    damage("a");
    pay_all();
  }
  EXPECT_EQ(spool.damaged_files(), 3);
  EXPECT_EQ(far->puts, 0);
}

TEST_F(SpoolPayerTest, LeavesADebtToWhoeverIsAtIt) {
  owe("a");
  {
    const auto claim = spool.claims().try_claim(debt_leaf("a"));
    EXPECT_EQ(step(), kNothing);
    const milliseconds rest = pay_all();
    EXPECT_GT(rest, kNothing);
    EXPECT_LE(rest, milliseconds{50});
    EXPECT_EQ(far->puts, 0);
  }
  clock.pass(milliseconds{50});
  pay_all();
  EXPECT_EQ(owed(), 0);
  EXPECT_FALSE(trouble_seen());
}

TEST_F(SpoolPayerTest, KeepsTheLeadWhileAnythingIsOwedAndNoLonger) {
  owe("a");
  refuse(ErrorCode::storage_failed);
  const milliseconds pause = step();
  SpoolPayer other(spool, *far, trouble, settings, clock);
  clock.pass(pause);
  EXPECT_EQ(other.step(), milliseconds{1'000});
  EXPECT_EQ(far->puts, 1);
  far->before_put = nullptr;
  pay_all();
  owe("b");
  EXPECT_EQ(other.step(), kNothing);
  EXPECT_EQ(owed(), 0);
}

TEST_F(SpoolPayerTest, SurvivesAStoreThatRaisesWhatIsNoError) {
  owe("a");
  far->before_put = [](std::string_view) { throw 7; };
  EXPECT_GT(step(), kNothing);
  EXPECT_EQ(trouble_seen()->code(), ErrorCode::plugin_failed);
  far->before_put = [](std::string_view) { throw std::runtime_error("oh"); };
  clock.pass(milliseconds{2'000});
  EXPECT_GT(step(), kNothing);
  EXPECT_EQ(owed(), 1);
}

TEST(SpoolTroubleNote, IsReadAsItWasWritten) {
  const Error error = Error(ErrorCode::storage_full, "the bucket\nis full", true).detailed("507");
  const auto read = decode_trouble(encode_trouble(error));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->code(), ErrorCode::storage_full);
  EXPECT_STREQ(read->what(), "the bucket is full");
  EXPECT_EQ(read->detail(), "507");
  EXPECT_TRUE(read->retryable());
}

TEST(SpoolTroubleNote, IsNotTrusted) {
  for (const char* bad : {"", "\n", "x\nagain\nm\n", "600", "600\nmaybe\nm\n", "600\nagain\n\n",
                          "99999999999\nagain\nm\n"}) {
    EXPECT_FALSE(decode_trouble(bad)) << bad;
  }
  EXPECT_EQ(decode_trouble("12345\nnever\nof a later version")->code(), ErrorCode::storage_failed);
  EXPECT_EQ(decode_trouble("0\nnever\nnone")->code(), ErrorCode::storage_failed);
}

}  // namespace
}  // namespace bhashatts::blob
