// What the command answers without ever opening an engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/command_run.h"

namespace bhashatts {
namespace {

using testing::Command;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(CliUsage, HelpAndVersionAreNoErrors) {
  Command command;
  EXPECT_EQ(command.run({"--help"}).status, 0);
  EXPECT_THAT(command.run({"--version"}).out, StartsWith("bhashatts "));
  for (const char* name : {"say", "lookup", "reject", "prewarm", "status", "stats", "verify",
                           "forget", "clear", "import", "voices", "config"}) {
    const auto help = command.run({name, "--help"});
    EXPECT_EQ(help.status, 0) << name;
    EXPECT_THAT(help.out, HasSubstr("--json")) << name;
  }
}

TEST(CliUsage, AMisunderstoodLineIsStatusTwo) {
  Command command;
  const std::vector<std::vector<std::string>> lines{{},
                                                    {"bogus"},
                                                    {"say"},
                                                    {"say", "a", "b"},
                                                    {"say", "a", "--bogus"},
                                                    {"forget"},
                                                    {"forget", "--text", "a", "--user", "b"},
                                                    {"clear", "--yes"},
                                                    {"clear", "--all", "--cache-only", "--yes"},
                                                    {"prewarm"},
                                                    {"prewarm", "x", "--limit", "-1"},
                                                    {"prewarm", "x", "--concurrency", "many"}};
  for (const auto& line : lines) {
    const auto outcome = command.run(line);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, StartsWith("bhashatts: "));
    EXPECT_THAT(outcome.out, IsEmpty());
  }
}

TEST(CliUsage, WithJsonAnErrorIsTheOneObject) {
  Command command;
  for (const auto& line : std::vector<std::vector<std::string>>{
           {"say", "--json"}, {"--json", "bogus"}, {"prewarm", "/nowhere", "--json"}}) {
    const auto outcome = command.run(line);
    EXPECT_EQ(outcome.status, 2);
    const auto error = outcome.json()["error"];
    EXPECT_TRUE(error["code"].is_string());
    EXPECT_FALSE(error["message"].get<std::string>().empty());
    EXPECT_EQ(error["retryable"], false);
    EXPECT_EQ(error["retry_after_ms"], 0);
  }
}

TEST(CliUsage, AnUnknownSettingIsNamedWithTheNearestOne) {
  Command command;
  command.set("BHASHATTS_WORKER=3");
  const auto outcome = command.run({"config"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean BHASHATTS_WORKERS?"));
}

TEST(CliConfig, ShowsWhatHoldsAndHidesSecrets) {
  Command command;
  command.set("HUGGINGFACE_API_TOKEN=hf_secret");
  command.set("BHASHATTS_WORKERS=3 # three");
  const auto file = command.file("c.json", R"({"workers":4,"cache_ttl_seconds":60})");
  const auto outcome = command.run({"config", "--json", "--config", file, "--data-dir", "/d"});
  EXPECT_EQ(outcome.status, 0);
  const auto settings = outcome.json();
  EXPECT_EQ(settings["huggingface_api_token"], "***");
  EXPECT_EQ(settings["workers"], 4);
  EXPECT_EQ(settings["cache_ttl_seconds"], 60);
  EXPECT_EQ(settings["data_dir"], "/d");
  EXPECT_THAT(command.run({"config"}).out, Not(HasSubstr("hf_secret")));
}

TEST(CliConfig, ABrokenFileIsStatusTwo) {
  Command command;
  EXPECT_EQ(command.run({"config", "--config", "/nowhere"}).status, 2);
  EXPECT_EQ(command.run({"config", "--config", command.path("")}).status, 2);
  EXPECT_EQ(command.run({"config", "--config", command.file("c", "{")}).status, 2);
}

TEST(CliVoices, ListsSixLanguagesInThreeStyles) {
  Command command;
  const auto voices = command.run({"voices", "--json"}).json();
  EXPECT_EQ(voices["languages"].size(), 6u);
  EXPECT_EQ(voices["voice_styles"].size(), 3u);
  EXPECT_EQ(voices["voice_profile"], "roster");
  for (const auto& language : voices["languages"]) {
    EXPECT_EQ(language["descriptions"].size(), 3u);
    EXPECT_FALSE(language["speakers"].empty());
  }
  EXPECT_THAT(command.run({"voices"}).out, HasSubstr("HINDI"));
  EXPECT_EQ(command.run({"voices", "--profile", "none"}).status, 2);
}

TEST(CliClear, RemovesNothingUnlessSomeoneSaysYes) {
  Command command;
  const auto outcome = command.run({"clear", "--all"}, "y\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--yes"));
}

TEST(CliOutput, APlaceThatCannotBeWrittenIsRefusedFirst) {
  Command command;
  EXPECT_EQ(command.run({"say", "x", "-o", "-", "--json"}).status, 2);
  EXPECT_EQ(command.run({"say", "x", "-o", "/nowhere/x.wav"}).status, 2);
}

}  // namespace
}  // namespace bhashatts
