// Where log lines go while hosts change their minds on two threads: rules R10 and R12.
#include <array>
#include <atomic>
#include <thread>

#include "tests/capi/capi_fixture.h"

namespace bhashatts::testing {
namespace {

struct Sink {
  std::atomic<int> lines{0};
  std::atomic<int> destroyed{0};

  bhashatts_status take(bhashatts_log_level least = BHASHATTS_LOG_WARNING) {
    return bhashatts_set_log([](void* context, bhashatts_log_level, bhashatts_text,
                                bhashatts_text) { ++static_cast<Sink*>(context)->lines; },
                             least, this,
                             [](void* context) { ++static_cast<Sink*>(context)->destroyed; });
  }
};

class RuleR10Log : public CApiTest {
 protected:
  RuleR10Log() {
    voice.synthesize = [](const bhashatts_synthesis_request*, bhashatts_reply*) {
      return bhashatts_status{BHASHATTS_UPSTREAM_REJECTED};
    };
  }
  OwnedEngine engine = open();
};

// Whichever comes last; the other one is given back.
TEST_F(RuleR10Log, OfTwoWhoSetASinkAtOnceOneGetsTheLines) {
  constexpr int kRounds = 1'000;
  int silent = 0;
  int wrongly_given_back = 0;
  std::array<Sink, 2> sinks;
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  std::thread other([&] {
    for (int round = 1; round <= kRounds; ++round) {
      // Awake, so that both are at it at once; but the machine may have other work.
      for (int look = 1; begun < round; ++look) {
        if (look % 20'000 == 0) std::this_thread::yield();
      }
      EXPECT_EQ(sinks[0].take(), BHASHATTS_OK);
      ended = round;
    }
  });
  for (int round = 1; round <= kRounds; ++round) {
    begun = round;
    EXPECT_EQ(sinks[1].take(), BHASHATTS_OK);
    while (ended < round) std::this_thread::yield();
    sinks[0].lines = sinks[1].lines = 0;
    EXPECT_EQ(say(engine, kOther), BHASHATTS_UPSTREAM_REJECTED);
    silent += sinks[0].lines + sinks[1].lines == 0 ? 1 : 0;
    wrongly_given_back += sinks[0].destroyed + sinks[1].destroyed != 2 * round - 1 ? 1 : 0;
  }
  other.join();
  EXPECT_EQ(silent, 0);
  EXPECT_EQ(wrongly_given_back, 0);
  ASSERT_EQ(bhashatts_set_log(nullptr, BHASHATTS_LOG_ERROR, nullptr, nullptr), BHASHATTS_OK);
  EXPECT_EQ(sinks[0].destroyed + sinks[1].destroyed, 2 * kRounds);
}

TEST_F(RuleR10Log, EachSinkHasItsOwnLevel) {
  Sink all;
  Sink few;
  ASSERT_EQ(all.take(BHASHATTS_LOG_WARNING), BHASHATTS_OK);
  EXPECT_EQ(say(engine, kOther), BHASHATTS_UPSTREAM_REJECTED);
  EXPECT_GT(all.lines, 0);
  ASSERT_EQ(few.take(BHASHATTS_LOG_ERROR), BHASHATTS_OK);
  EXPECT_EQ(all.destroyed, 1);
  EXPECT_EQ(say(engine, kOther), BHASHATTS_UPSTREAM_REJECTED);
  EXPECT_EQ(few.lines, 0);
  ASSERT_EQ(few.take(BHASHATTS_LOG_WARNING), BHASHATTS_OK);
  EXPECT_EQ(say(engine, kOther), BHASHATTS_UPSTREAM_REJECTED);
  EXPECT_GT(few.lines, 0);
  ASSERT_EQ(bhashatts_set_log(nullptr, BHASHATTS_LOG_ERROR, nullptr, nullptr), BHASHATTS_OK);
  EXPECT_EQ(few.destroyed, 2);
}

}  // namespace
}  // namespace bhashatts::testing
