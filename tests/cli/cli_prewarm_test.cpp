#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/cli/command_run.h"

namespace bhashatts {
namespace {

namespace fs = std::filesystem;
using testing::Command;
using ::testing::HasSubstr;

std::string story(const std::string& id, const std::string& language,
                  const std::vector<std::string>& pages) {
  return nlohmann::json{{"story_id", id}, {"title", id}, {"language", language}, {"pages", pages}}
             .dump() +
         "\n";
}

const std::string kTwoStories =
    story("a", "HINDI", {"एक घर।", "दो घर।"}) + story("b", "TAMIL", {"ஒரு வீடு.", " "});

std::string many_pages(int n) {
  std::vector<std::string> pages;
  for (int i = 0; i < n; ++i) pages.push_back("page " + std::to_string(i));
  return story("many", "HINDI", pages);
}

std::size_t blobs_in(const std::string& data_dir) {
  std::error_code ignored;
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(data_dir + "/blobs", ignored)) {
    if (entry.is_regular_file(ignored)) ++files;
  }
  return files;
}

// Waits until the run has kept something; the test's own time limit bounds it.
void wait_for_blobs(const Command& command, std::size_t least) {
  while (blobs_in(command.data_dir()) < least) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST(CliPrewarm, GivesThePromisedCounts) {
  Command command;
  const auto outcome = command.run({"prewarm", command.file("s", kTwoStories), "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto report = outcome.json();
  EXPECT_EQ(report["stories_total"], 2);
  EXPECT_EQ(report["pages_total"], 4);
  EXPECT_EQ(report["pages_generated"], 3);
  EXPECT_EQ(report["pages_rejected"], 1);
  EXPECT_EQ(report["pages_failed"], 0);
  EXPECT_EQ(report["pages_not_attempted"], 0);
  EXPECT_EQ(report["total_cost_usd"], 0);
  EXPECT_TRUE(report["elapsed_ms"].is_number());
  ASSERT_EQ(report["problems"].size(), 1u);
  EXPECT_EQ(report["problems"][0]["story_id"], "b");
  EXPECT_EQ(report["problems"][0]["page_number"], 2);
  EXPECT_EQ(report["problems"][0]["outcome"], "rejected");
  EXPECT_EQ(report["problems"][0]["code"], "text_empty");
}

TEST(CliPrewarm, ASecondRunMakesNothing) {
  Command command;
  ASSERT_EQ(command.run({"prewarm", "-", "--json"}, kTwoStories).status, 0);
  const auto again = command.run({"prewarm", "-", "--json"}, kTwoStories).json();
  EXPECT_EQ(again["pages_cached"], 3);
  EXPECT_EQ(again["pages_generated"], 0);
}

TEST(CliPrewarm, ADryRunMakesNothing) {
  Command command;
  const auto dry = command.run({"prewarm", "-", "--dry-run", "--json"}, kTwoStories).json();
  EXPECT_EQ(dry["pages_generated"], 3);
  EXPECT_EQ(blobs_in(command.data_dir()), 0u);
}

TEST(CliPrewarm, TakesTheStoriesThatAreAskedFor) {
  Command command;
  const auto total = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"prewarm", "-", "--dry-run", "--json"});
    return command.run(options, kTwoStories).json()["pages_total"].get<int>();
  };
  EXPECT_EQ(total({"--language", "TAMIL"}), 2);
  EXPECT_EQ(total({"--story-id", "a"}), 2);
  EXPECT_EQ(total({"--limit", "0"}), 0);
  EXPECT_EQ(command.run({"prewarm", "-", "--story-id", "z"}, kTwoStories).status, 3);
  EXPECT_EQ(command.run({"prewarm", "-", "--language", "hindi"}, kTwoStories).status, 2);
}

TEST(CliPrewarm, ABrokenFileIsNamedWithItsLine) {
  Command command;
  const auto outcome = command.run({"prewarm", "-"}, kTwoStories + "oops\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("line 3"));
}

TEST(CliPrewarm, FailuresAreStatusFour) {
  Command command;
  const auto program = command.file("espeak-ng", "#!/bin/sh\nexit 1\n");
  fs::permissions(program, fs::perms::owner_all);
  command.set("BHASHATTS_ESPEAK_PROGRAM=" + program);
  EXPECT_EQ(command.run({"prewarm", "-", "--json"}, kTwoStories).status, 4);
}

TEST(CliPrewarm, InterruptedItFinishesWhatIsInHandAndTheNextRunGoesOn) {
  Command command;
  const auto file = command.file("s", many_pages(400));
  const pid_t child = command.start({"prewarm", file, "--json"});
  wait_for_blobs(command, 3);
  ::kill(child, SIGINT);
  const auto outcome = command.finish(child);
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  const auto report = outcome.json();
  const int made = report["pages_generated"].get<int>();
  EXPECT_EQ(report["pages_failed"], 0);
  EXPECT_EQ(made + report["pages_not_attempted"].get<int>(), 400);
  const auto rest = command.run({"prewarm", file, "--dry-run", "--json"}).json();
  EXPECT_EQ(rest["pages_cached"], made);
}

TEST(CliPrewarm, KilledItLosesNothingThatWasKept) {
  Command command;
  const auto file = command.file("s", many_pages(400));
  const pid_t child = command.start({"prewarm", file, "--json"});
  wait_for_blobs(command, 6);
  ::kill(child, SIGKILL);
  EXPECT_EQ(command.finish(child).status, 128 + SIGKILL);
  const auto rest = command.run({"prewarm", file, "--dry-run", "--json"}).json();
  EXPECT_GE(rest["pages_cached"].get<int>(), 1);
  EXPECT_EQ(rest["pages_failed"], 0);
}

}  // namespace
}  // namespace bhashatts
