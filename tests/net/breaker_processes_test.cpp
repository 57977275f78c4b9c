#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "net/breaker.h"
#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::net {
namespace {

using namespace std::chrono_literals;
using testing::Child;
using testing::Pipe;

constexpr std::int64_t kStart = 1'780'000'000'000;
constexpr int kProcesses = 8;

class BreakerProcesses : public ::testing::Test {
 protected:
  Breaker open(std::chrono::milliseconds later) const {
    return Breaker(directory_ / "one", {.failures_to_open = 1},
                   [now = kStart + later.count()] { return now; });
  }
  // How many of several processes that ask at once are let through.
  template <typename Ask>
  static int let_through(const Ask& ask) {
    const Pipe go;
    std::vector<Child> children;
    for (int i = 0; i < kProcesses; ++i) {
      children.emplace_back([&] { return go.hear() && ask() ? 1 : 0; });
    }
    for (int i = 0; i < kProcesses; ++i) go.say();
    int passed = 0;
    for (Child& child : children) passed += child.wait();
    return passed;
  }

  testing::TempDir directory_;
};

TEST_F(BreakerProcesses, LearnFromEachOther) {
  Breaker breaker = open(0s);
  Child child([&] {
    open(0s).failed(Error(ErrorCode::credits_exhausted, "no credits"));
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  ASSERT_TRUE(breaker.ask());
  EXPECT_EQ(breaker.ask()->code, ErrorCode::credits_exhausted);
}

TEST_F(BreakerProcesses, LetExactlyOneProbeThrough) {
  for (int round = 0; round < 20; ++round) {
    open(0s).failed(Error(ErrorCode::unreachable, "down", true));
    EXPECT_EQ(let_through([&] { return !open(0s).ask(); }), 0);
    EXPECT_EQ(let_through([&] { return !open(5s).ask(); }), 1);
    open(5s).succeeded();
  }
}

TEST_F(BreakerProcesses, GoOnWithABreakerFromBeforeTheFork) {
  Breaker before = open(5s);
  open(0s).failed(Error(ErrorCode::unreachable, "down", true));
  EXPECT_EQ(let_through([&] { return !before.ask(); }), 1);
  EXPECT_TRUE(before.ask());
}

TEST_F(BreakerProcesses, LoseOneLeaseToAProbeThatIsKilled) {
  open(0s).failed(Error(ErrorCode::unreachable, "down", true));
  const Pipe probing;
  Child probe([&] {
    const bool through = !open(5s).ask();
    probing.say(through ? 'y' : 'n');
    ::pause();
    return 0;
  });
  EXPECT_TRUE(probing.hear());
  EXPECT_EQ(probe.kill(), -SIGKILL);
  EXPECT_EQ(let_through([&] { return !open(5s + 180s).ask(); }), 0);  // leases end on odd numbers
  EXPECT_EQ(let_through([&] { return !open(5s + 180s + 1ms).ask(); }), 1);
}

}  // namespace
}  // namespace bhashatts::net
