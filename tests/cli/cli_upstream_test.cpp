// The command before an upstream: a real server that runs out of credits, refuses, or is away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/cli/command_run.h"
#include "tests/support/fake_synthesizer.h"
#include "tests/support/loopback_server.h"

namespace bhashatts {
namespace {

using testing::Command;
using ::testing::HasSubstr;
using testing::LoopbackServer;
using ::testing::Not;
using testing::ReceivedRequest;
using testing::ScriptedReply;

constexpr int kPages = 100;
constexpr std::string_view kToken = "very-secret-token";

std::string story_of_many_pages() {
  std::vector<std::string> pages;
  for (int i = 0; i < kPages; ++i) pages.push_back("यह पृष्ठ " + std::to_string(i) + " है।");
  return nlohmann::json{{"story_id", "long"}, {"language", "HINDI"}, {"pages", pages}}.dump() +
         "\n";
}

// Speaks as many calls as it has credits for.
class Upstream {
 public:
  ScriptedReply operator()(const ReceivedRequest& request) {
    if (request.method == "GET") return ScriptedReply::text(405, "");
    if (credits_.fetch_sub(1) <= 0) {
      return ScriptedReply::json(402, R"({"error":"You have exceeded your monthly credits"})");
    }
    const auto text = nlohmann::json::parse(request.body).at("inputs").get<std::string>();
    return ScriptedReply::text(200, testing::fake_wav(text, 2'000));
  }
  void give(int credits) { credits_ = credits; }

 private:
  std::atomic<int> credits_{0};
};

class CliUpstream : public ::testing::Test {
 protected:
  CliUpstream() {
    command.set("BHASHATTS_SYNTHESIZER=huggingface");
    command.set("BHASHATTS_ENDPOINT_URL=" + server.url("/speak"));
    command.set("BHASHATTS_ENDPOINT_TOKEN=" + std::string(kToken));
    command.set("BHASHATTS_PRICE_USD=0.001/call");
  }

  Upstream upstream;
  LoopbackServer server{[this](const ReceivedRequest& request) { return upstream(request); }};
  Command command;
};

TEST_F(CliUpstream, APrewarmEndsWithTheCreditsAndGoesOnWhenThereAreMore) {
  upstream.give(40);
  const std::vector<std::string> prewarm{"prewarm", command.file("s", story_of_many_pages()),
                                         "--concurrency", "4", "--json"};
  const auto broke = command.run(prewarm);
  EXPECT_EQ(broke.status, 5) << broke.err;
  const auto first = broke.json();
  EXPECT_EQ(first["pages_generated"], 40);
  EXPECT_GE(first["pages_failed"], 1);
  EXPECT_LE(first["pages_failed"], 4);
  EXPECT_EQ(first["pages_not_attempted"], 60 - first["pages_failed"].get<int>());
  EXPECT_LE(server.calls(), 44U);

  upstream.give(1'000);
  const auto rich = command.run(prewarm);
  EXPECT_EQ(rich.status, 0) << rich.err;
  EXPECT_EQ(rich.json()["pages_cached"], 40);
  EXPECT_EQ(rich.json()["pages_generated"], 60);
  EXPECT_DOUBLE_EQ(command.run({"stats", "--json"}).json()["total_cost_usd"], 0.1);
}

TEST_F(CliUpstream, SayTellsWhatToDoAndNeverTheTokenOrTheAddress) {
  upstream.give(0);
  const auto outcome = command.run({"say", "--json", "नमस्ते बच्चों"});
  EXPECT_EQ(outcome.status, 5);
  EXPECT_EQ(outcome.json()["error"]["code"], "credits_exhausted");
  EXPECT_THAT(outcome.out + outcome.err, HasSubstr("credits"));
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr(std::string(kToken))));
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr(std::to_string(server.port()))));
  EXPECT_EQ(server.last().header("authorization"), "Bearer " + std::string(kToken));
}

TEST_F(CliUpstream, StatusKnowsThatTheCreditsAreGoneAndSpendsNothing) {
  EXPECT_EQ(command.run({"status", "--json"}).json()["status"], "healthy");
  command.run({"say", "--json", "नमस्ते बच्चों"});
  const std::size_t calls = server.calls();
  const auto status = command.run({"status", "--json"}).json();
  EXPECT_EQ(status["status"], "unhealthy");
  EXPECT_EQ(status["model"]["status"], "no_credits");
  EXPECT_EQ(status["budget"]["credits"], "exhausted");
  EXPECT_EQ(server.last().method, "GET");
  EXPECT_EQ(server.calls(), calls + 1);
}

TEST_F(CliUpstream, AFallbackSpeaksAndIsMarked) {
  command.set("BHASHATTS_FALLBACK=espeak");
  const auto stopgap = command.run({"say", "--json", "नमस्ते बच्चों"}).json();
  EXPECT_EQ(stopgap["fallback"], true);
  EXPECT_THAT(stopgap["synthesizer"], HasSubstr("espeak"));
  EXPECT_EQ(command.run({"status", "--json"}).json()["status"], "degraded");
}

TEST_F(CliUpstream, ABudgetThatIsSpentIsStatusFive) {
  upstream.give(1'000);
  command.set("BHASHATTS_BUDGET_USD_MONTH=0.001");
  EXPECT_EQ(command.run({"say", "--json", "नमस्ते बच्चों"}).status, 0);
  const auto refused = command.run({"say", "--json", "फिर मिलेंगे बच्चों"});
  EXPECT_EQ(refused.status, 5);
  EXPECT_EQ(refused.json()["error"]["code"], "budget_exhausted");
  EXPECT_EQ(server.calls(), 1U);
}

}  // namespace
}  // namespace bhashatts
