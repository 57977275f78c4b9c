// Death in place of every single system call that changes the disk, one run for each.
//
// crash_test.cpp looks for what nobody thought of; this leaves out nothing that is known. The
// script: a page, a speech, a rejection, the next take. Before it, one speech was acknowledged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "tests/engine/library.h"
#include "tests/engine/promises.h"
#include "tests/engine/worker_process.h"

namespace bhashatts::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::vector<std::string> kScript{
    "page story 1 पहला पन्ना", "say अकेला वाक्य", "reject पहला पन्ना",
    "page story 1 पहला पन्ना", "flush",         "reject अकेला वाक्य",
    "say अकेला वाक्य"};

// Lines until its end; what it acknowledged goes into `promises`. Returns the last line.
std::string run(const Library& library, Promises& promises, std::uint64_t die_at) {
  WorkerProcess worker(library.worker({"--price", "70", "--die-at", std::to_string(die_at)}));
  for (const std::string& command : kScript) worker.send(command);
  worker.close_input();
  std::string last;
  for (const std::string& line : worker.rest()) {
    if (!line.starts_with("passed") && line != "flushed") promises.hear(line);
    last = line;
  }
  return last;
}

std::uint64_t count_points() {
  const Library library;
  Promises promises;
  const std::string last = run(library, promises, 0);
  EXPECT_THAT(last, StartsWith("passed "));
  return last.starts_with("passed ") ? std::stoull(last.substr(7)) : 0;
}

void expect_whole(const Library& library, Promises& promises) {
  promises.remember_calls(library.counter());
  {
    auto engine = library.open();
    engine.flush();
    EXPECT_THAT(problems(engine.verify(false)), IsEmpty());
    promises.check(engine, true);
    promises.confirm();
    for (const char* text : {"पहला पन्ना", "अकेला वाक्य", "नया वाक्य"}) {
      EXPECT_TRUE(speaks(engine.synthesize({.text = text}), text));
    }
  }
  promises.check_calls(library.counter());
  EXPECT_THAT(promises.broken(), IsEmpty());
  EXPECT_THAT(library.strays(), IsEmpty());
}

// Every call that was begun is in the ledger, and at most one that was reserved and never begun.
void expect_ledger(const Library& library, std::int64_t priced_calls) {
  const auto paid = library.catalog()->totals().paid_attempts;
  EXPECT_GE(paid, priced_calls);
  EXPECT_LE(paid, priced_calls + 1);
}

TEST(CrashPoints, LeaveEverythingThatWasAcknowledged) {
  const std::uint64_t points = count_points();
  EXPECT_GT(points, 20U);
  for (std::uint64_t point = 1; point <= points; ++point) {
    SCOPED_TRACE("death at point " + std::to_string(point) + " of " + std::to_string(points));
    const Library library;
    Promises promises;
    {
      auto before = library.open();
      before.synthesize({.text = "जो पहले था"});
    }
    run(library, promises, point);
    const auto priced_calls = static_cast<std::int64_t>(library.counter().total()) - 1;
    expect_whole(library, promises);
    expect_ledger(library, priced_calls);
    if (::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace bhashatts::testing
