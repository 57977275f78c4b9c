// Every known fault of an upstream, through all the attempts that follow it: how many are made, how
// long is waited between them, what is told, kept and paid. Real sockets, a clock that only moves
// when somebody waits.
#include <algorithm>

#include "engine/attempts.h"
#include "net/http_client.h"
#include "synth/huggingface.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/fake_waiter.h"
#include "tests/support/faults.h"

namespace bhashatts::testing {
namespace {

using engine::Attempts;
using std::chrono::milliseconds;

class FaultsTest : public ::testing::TestWithParam<Fault> {
 protected:
  FaultsTest() {
    set_log_sink([](LogLevel, std::string_view, std::string_view) {});  // failures are on purpose
    synth::HuggingFaceOptions options;
    options.upstream = scene.upstream();
    voice.synthesizer = synth::make_huggingface(options, net::make_http_client());
    voice.identity = voice.synthesizer->identity();
    plan.language = find_language("HINDI");
    plan.voice_style = find_voice_style("storyteller");
    plan.text = kText;
    utterance.text = plan.text;
  }
  ~FaultsTest() override { set_log_sink({}); }

  ErrorCode run() {
    engine::Gate gate(*catalog);
    Attempts attempts({*catalog}, gate, {.retry = policy, .each = fault_patience(fault)}, waiter);
    return code_of([&] { attempts.run(voice, plan, utterance, {}); });
  }
  std::size_t attempts_expected() const {
    return fault.retryable ? static_cast<std::size_t>(policy.max_attempts) : 1;
  }

  const Fault& fault = GetParam();
  FaultScene scene{fault};
  TempDir dir;
  std::unique_ptr<catalog::Catalog> catalog =
      catalog::Catalog::open({.directory = dir / "catalog", .map_bytes = 1 << 26});
  net::RetryPolicy policy;
  FakeWaiter waiter;
  engine::Voice voice;
  engine::Plan plan;
  engine::Utterance utterance{};
};

TEST_P(FaultsTest, IsTriedAsOftenAsItMayPass) {
  EXPECT_EQ(name(run()), name(fault.code));
  EXPECT_EQ(catalog->ledger(100).size(), attempts_expected());
  const bool listens = fault.at == Fault::At::server;
  EXPECT_EQ(scene.calls(), listens ? attempts_expected() : 0);
}

TEST_P(FaultsTest, WaitsAsTheUpstreamSaysAndNeverAfterTheLastAttempt) {
  run();
  ASSERT_EQ(waiter.waits.size(), attempts_expected() - 1);
  milliseconds most = policy.base;
  for (const milliseconds wait : waiter.waits) {
    if (fault.retry_after.count() > 0) {
      EXPECT_EQ(wait, std::min(fault.retry_after, policy.longest));
    } else {
      EXPECT_LE(wait, fault.code == ErrorCode::bad_audio ? milliseconds(0) : most);
    }
    most *= 2;
  }
}

TEST_P(FaultsTest, KeepsNothingAndPaysWhatItMust) {
  run();
  EXPECT_EQ(catalog->totals().entries, 0);
  EXPECT_EQ(catalog->totals().utterances, 0);
  for (const catalog::LedgerEntry& entry : catalog->ledger(100)) {
    EXPECT_TRUE(is_paid(fault, entry.amount_micro_usd)) << entry.amount_micro_usd;
    EXPECT_EQ(entry.outcome, name(fault.code));
    EXPECT_EQ(entry.state, catalog::AttemptState::settled);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, FaultsTest, ::testing::ValuesIn(faults()), fault_test_name);

}  // namespace
}  // namespace bhashatts::testing
