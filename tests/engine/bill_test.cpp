// What many callers of a failing upstream come to pay: a real server over real sockets, whose own
// count of what it accepted is the bill.
#include <atomic>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/engine/engine_fixture.h"
#include "tests/support/loopback_server.h"

namespace bhashatts::testing {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kPrice = 1'000;  // micro-dollars a call
constexpr int kTexts = 40;

std::string text_of(int number) { return "यह कहानी का पृष्ठ " + std::to_string(number) + " है।"; }

// Speaks, but fails a third of the calls; never the same text three times running.
class MoodyUpstream {
 public:
  ScriptedReply operator()(const ReceivedRequest& request) {
    if (request.method == "GET") return ScriptedReply::text(405, "");  // a probe
    const auto text = nlohmann::json::parse(request.body).at("inputs").get<std::string>();
    const std::lock_guard lock(mutex_);
    int& failures = failures_[text];
    if (failures < 2 && random_() % 3 == 0) {
      ++failures;
      return ScriptedReply::json(failing_status(), R"({"error":"try again"})");
    }
    failures = 0;
    ++accepted_;
    return ScriptedReply::text(200, fake_wav(text, 2'000)).with("Content-Type", "audio/wav");
  }
  std::int64_t accepted() {
    const std::lock_guard lock(mutex_);
    return accepted_;
  }

 private:
  int failing_status() { return random_() % 2 == 0 ? 500 : 502; }

  std::mutex mutex_;
  std::minstd_rand random_{20'240'229};
  std::map<std::string, int> failures_;
  std::int64_t accepted_ = 0;
};

class BillTest : public ::testing::Test {
 protected:
  BillTest() {
    set_log_sink([](LogLevel, std::string_view, std::string_view) {});  // failures are on purpose
    config.data_dir = (dir / "data").string();
    config.min_free_bytes = 1 << 20;
    config.synthesizer = "huggingface";
    config.endpoint_url = server.url("/speak");
    config.price_usd = "0.001/call";
    config.upstream_concurrency = 8;
  }
  ~BillTest() override { set_log_sink({}); }

  struct Answers {
    std::atomic<int> spoken{0};
    std::atomic<int> refused{0};  // budget_exhausted
    std::atomic<int> other{0};
    int all() const { return spoken + refused + other; }
  };
  // 200 callers, each text five times, all at once.
  void ask(TtsEngine& engine) {
    std::vector<std::thread> callers;
    for (int i = 0; i < 200; ++i) {
      callers.emplace_back([&, i] { count(engine, text_of(i % kTexts)); });
    }
    for (std::thread& caller : callers) caller.join();
  }
  void count(TtsEngine& engine, const std::string& text) {
    const ErrorCode code =
        code_of([&] { engine.synthesize({.text = text, .timeout = seconds(60)}); });
    ++(code == ErrorCode::ok                 ? answers.spoken
       : code == ErrorCode::budget_exhausted ? answers.refused
                                             : answers.other);
  }

  TempDir dir;
  MoodyUpstream upstream;
  LoopbackServer server{[this](const ReceivedRequest& request) { return upstream(request); }};
  Config config;
  Answers answers;
};

TEST_F(BillTest, TwoHundredCallersPayForFortyTextsAndWhatTheUpstreamCounted) {
  TtsEngine engine = TtsEngine::open(config);
  ask(engine);
  EXPECT_EQ(answers.spoken, 200);
  EXPECT_GT(server.calls(), server.accepted());  // some did fail
  const Stats stats = engine.stats();
  EXPECT_EQ(stats.total_entries, kTexts);
  EXPECT_EQ(stats.total_cost_micro_usd, upstream.accepted() * kPrice);
  EXPECT_EQ(upstream.accepted(), kTexts);
}

TEST_F(BillTest, ABudgetOfThirtyCallsIsNeverExceeded) {
  config.budget_usd_month_micro = 30 * kPrice;
  TtsEngine engine = TtsEngine::open(config);
  ask(engine);
  EXPECT_EQ(upstream.accepted(), 30);
  EXPECT_EQ(engine.stats().total_cost_micro_usd, 30 * kPrice);
  EXPECT_EQ(engine.stats().total_entries, 30);
  EXPECT_EQ(answers.all(), 200);
  EXPECT_EQ(answers.other, 0);
  EXPECT_GE(answers.refused, 10);  // texts that nobody could pay for
  EXPECT_EQ(engine.status().health, Health::degraded);
}

TEST_F(BillTest, TwoEnginesShareOneBudget) {
  config.budget_usd_month_micro = 30 * kPrice;
  TtsEngine engine = TtsEngine::open(config);
  TtsEngine other = TtsEngine::open(config);
  std::thread rival([&] { ask(other); });
  ask(engine);
  rival.join();
  EXPECT_EQ(upstream.accepted(), 30);
  EXPECT_EQ(engine.stats().total_cost_micro_usd, 30 * kPrice);
  EXPECT_EQ(answers.all(), 400);
  EXPECT_EQ(answers.other, 0);
}

}  // namespace
}  // namespace bhashatts::testing
