// A library that the guide's code left behind, as files and as an export; the voice is espeak-ng.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "bhashatts/import.h"
#include "tests/cli/command_run.h"

namespace bhashatts {
namespace {

namespace fs = std::filesystem;
using testing::Command;
using ::testing::HasSubstr;

const std::string kSentence = "एक छोटी चिड़िया पेड़ पर बैठी थी।";
const std::string kPage =
    "एक छोटी चिड़िया पेड़ पर बैठी थी। उसने नीचे एक बड़ी बिल्ली देखी! बिल्ली ने धीरे से कहा, आओ मेरे पास।";

std::string key_of(const std::string& text) {
  return guide_cache_key(text, "HINDI", "storyteller");
}

nlohmann::json row_of(const std::string& text) {
  return {{"text_content", text},
          {"language", "HINDI"},
          {"voice_style", "storyteller"},
          {"cache_key", key_of(text)},
          {"generation_cost_usd", "0.000360"}};
}

class CliImport : public ::testing::Test {
 protected:
  // Speaks a text as another engine and puts it where the guide's code would have.
  void leave_behind(const std::string& text) {
    Command other;
    fs::create_directories(media() + "/audio/tts");
    const std::string file = media() + "/audio/tts/" + key_of(text) + ".wav";
    ASSERT_EQ(other.run({"say", "-o", file, text}).status, 0);
    rows += row_of(text).dump() + "\n";
  }
  std::string media() const { return command.path("media"); }
  nlohmann::json import(std::vector<std::string> options = {}, int status = 0) {
    options.insert(options.begin(), {"import", "-", "--from", media(), "--json"});
    const auto outcome = command.run(options, rows);
    EXPECT_EQ(outcome.status, status) << outcome.err;
    return outcome.json();
  }

  Command command;
  std::string rows;
};

TEST_F(CliImport, GivesThePromisedCountsAndTheSpeechIsThere) {
  leave_behind(kSentence);
  leave_behind(kPage);
  rows += row_of("यह कहीं नहीं है।").dump() + "\n";
  const auto report = import();
  EXPECT_EQ(report["rows_total"], 3);
  EXPECT_EQ(report["rows_adopted"], 2);
  EXPECT_EQ(report["rows_missing"], 1);
  EXPECT_EQ(report["adopted_cost_usd"], 0.00072);
  EXPECT_THAT(report["synthesizer"].get<std::string>(), HasSubstr("espeak"));
  EXPECT_EQ(report["problems"][0]["row"], 3);
  EXPECT_EQ(report["problems"][0]["outcome"], "missing");
  for (const std::string& text : {kSentence, kPage}) {
    const auto found = command.run({"lookup", "--json", text});
    EXPECT_EQ(found.status, 0) << found.err;
    EXPECT_EQ(found.json()["utterances"], 1);
  }
}

TEST_F(CliImport, ASecondRunFindsAllThere) {
  leave_behind(kSentence);
  EXPECT_EQ(import({"--dry-run"})["rows_adopted"], 1);
  EXPECT_EQ(import()["rows_adopted"], 1);
  EXPECT_EQ(import()["rows_already_there"], 1);
}

TEST_F(CliImport, AFileIsCountedFirstAndReportedForPeople) {
  leave_behind(kSentence);
  const auto outcome =
      command.run({"import", command.file("export.jsonl", rows), "--from", media()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("adopted"));
  EXPECT_THAT(outcome.out, HasSubstr("$0.0004"));
}

TEST_F(CliImport, WhatIsNoRowIsStatusTwoAndTheRestIsAdopted) {
  leave_behind(kSentence);
  rows += "oops\n";
  const auto report = import({}, 2);
  EXPECT_EQ(report["rows_adopted"], 1);
  EXPECT_EQ(report["problems"][0]["code"], "bad_request");
}

TEST_F(CliImport, WrongUsageIsToldBeforeAnythingIsDone) {
  const auto status = [&](std::vector<std::string> line) { return command.run(line).status; };
  EXPECT_EQ(status({"import"}), 2);
  EXPECT_EQ(status({"import", "/nowhere.jsonl"}), 2);
  EXPECT_EQ(status({"import", "-", "--from", "/nowhere"}), 2);
  EXPECT_EQ(status({"import", "-", "--language", "hindi"}), 2);
  EXPECT_EQ(status({"import", "-", "--limit", "-1"}), 2);
  EXPECT_EQ(status({"import", "-", "--concurrency", "0"}), 2);
  EXPECT_FALSE(fs::exists(command.data_dir()));
}

}  // namespace
}  // namespace bhashatts
