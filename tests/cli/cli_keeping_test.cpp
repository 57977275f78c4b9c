#include <gtest/gtest.h>

#include <string>

#include "tests/cli/command_run.h"

namespace bhashatts {
namespace {

using testing::Command;

const std::string kText = "एक था राजा।";

TEST(CliStats, StartAtZeroAndAreNeverNull) {
  Command command;
  const auto stats = command.run({"stats", "--json"}).json();
  for (const char* field : {"total_entries", "total_size_bytes", "total_cost_usd", "total_accesses",
                            "avg_generation_time_ms", "estimated_savings_usd",
                            "utterances_synthesized", "paid_attempts"}) {
    EXPECT_EQ(stats[field], 0) << field;
  }
  EXPECT_EQ(stats["requests"]["synthesized"], 0);
}

TEST(CliStats, CountWhatWasAsked) {
  Command command;
  for (int i = 0; i < 3; ++i) ASSERT_EQ(command.run({"say", kText, "--json"}).status, 0);
  const auto stats = command.run({"stats", "--json"}).json();
  EXPECT_EQ(stats["total_entries"], 1);
  EXPECT_EQ(stats["utterances_synthesized"], 1);
  EXPECT_EQ(stats["total_accesses"], 2);
  EXPECT_EQ(stats["requests"]["synthesized"], 1);
  EXPECT_GT(stats["total_size_bytes"], 0);
}

TEST(CliStatus, SaysHowItStands) {
  Command command;
  const auto outcome = command.run({"status", "--json"});
  EXPECT_EQ(outcome.status, 0);
  const auto status = outcome.json();
  EXPECT_EQ(status["status"], "healthy");
  EXPECT_EQ(status["model"]["status"], "ready");
  EXPECT_EQ(status["cache"]["data_dir"], command.data_dir());
  EXPECT_EQ(status["spool"]["entries"], 0);
  EXPECT_TRUE(status["budget"]["limit_usd_month"].is_null());
}

TEST(CliVerify, FindsNothingWrongWithWhatWasJustMade) {
  Command command;
  ASSERT_EQ(command.run({"say", kText, "--json"}).status, 0);
  const auto outcome = command.run({"verify", "--json"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_GT(outcome.json()["objects_checked"], 0);
  EXPECT_TRUE(outcome.json()["problems"].empty());
}

TEST(CliForget, ErasesAText) {
  Command command;
  ASSERT_EQ(command.run({"say", kText, "--json"}).status, 0);
  EXPECT_EQ(command.run({"forget", "--text", kText, "--json"}).json()["speeches"], 1);
  EXPECT_EQ(command.run({"lookup", kText}).status, 3);
  EXPECT_EQ(command.run({"forget", "--user", "nobody", "--json"}).json()["usage_events"], 0);
}

TEST(CliClear, ADryRunRemovesNothing) {
  Command command;
  ASSERT_EQ(command.run({"say", kText, "--json"}).status, 0);
  const auto dry = command.run({"clear", "--all", "--dry-run", "--json"}).json();
  EXPECT_GT(dry["blobs"], 0);
  EXPECT_EQ(dry["dry_run"], true);
  EXPECT_EQ(command.run({"lookup", kText, "--json"}).status, 0);
}

TEST(CliClear, TheCacheAloneCostsNothingButAllDoes) {
  Command command;
  ASSERT_EQ(command.run({"say", kText, "--json"}).status, 0);
  EXPECT_EQ(command.run({"clear", "--cache-only", "--yes", "--json"}).status, 0);
  EXPECT_EQ(command.run({"lookup", kText, "--json"}).status, 0);
  EXPECT_EQ(command.run({"clear", "--all", "--language", "TAMIL", "--yes"}).status, 0);
  EXPECT_EQ(command.run({"lookup", kText, "--json"}).status, 0);
  EXPECT_EQ(command.run({"clear", "--all", "--yes", "--json"}).status, 0);
  EXPECT_EQ(command.run({"lookup", kText}).status, 3);
}

TEST(CliClear, AnUnknownLanguageIsNotAllLanguages) {
  Command command;
  EXPECT_EQ(command.run({"clear", "--all", "--language", "hindi", "--yes"}).status, 2);
}

}  // namespace
}  // namespace bhashatts
