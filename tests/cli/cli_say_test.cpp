#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/cli/command_run.h"

namespace bhashatts {
namespace {

using testing::Command;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::string kText = "नमस्ते बच्चों।";

std::set<std::string> names(const nlohmann::json& object) {
  std::set<std::string> all;
  for (const auto& [name, value] : object.items()) all.insert(name);
  return all;
}

TEST(CliSay, GivesThePromisedFields) {
  Command command;
  const auto outcome = command.run({"say", kText, "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto said = outcome.json();
  EXPECT_EQ(names(said),
            (std::set<std::string>{"cache_key", "cached", "origin", "synthesizer", "fallback",
                                   "language", "voice_style", "format", "sample_rate",
                                   "duration_ms", "size_bytes", "url", "generation_time_ms",
                                   "cost_usd", "elapsed_us", "utterances", "take", "output"}));
  EXPECT_EQ(said["cached"], false);
  EXPECT_EQ(said["origin"], "synthesized");
  EXPECT_EQ(said["voice_style"], "storyteller");
  EXPECT_TRUE(said["output"].is_null());
  EXPECT_GT(said["duration_ms"], 0);
}

TEST(CliSay, TheSecondTimeComesFromTheCache) {
  Command command;
  const auto first = command.run({"say", kText, "--json"}).json();
  const auto second = command.run({"say", "-", "--json"}, kText + "\n").json();
  EXPECT_EQ(second["cached"], true);
  EXPECT_EQ(second["cache_key"], first["cache_key"]);
  EXPECT_EQ(second["cost_usd"], 0.0);
}

TEST(CliSay, WritesTheSameAudioToFileAndPipe) {
  Command command;
  const auto to_file = command.run({"say", kText, "-o", command.path("a.wav")});
  ASSERT_EQ(to_file.status, 0) << to_file.err;
  EXPECT_THAT(to_file.out, HasSubstr("of audio"));
  const auto to_pipe = command.run({"say", kText});
  EXPECT_THAT(to_pipe.out, StartsWith("RIFF"));
  EXPECT_EQ(to_pipe.out, command.content("a.wav"));
  EXPECT_EQ(command.run({"say", kText, "-o", "-"}).out, to_pipe.out);
}

TEST(CliSay, SpeaksEachFormatFromOneSynthesis) {
  Command command;
  for (const auto& [format, magic] : std::vector<std::pair<std::string, std::string>>{
           {"wav", "RIFF"}, {"flac", "fLaC"}, {"opus", "OggS"}, {"mp3", "\xff"}}) {
    const auto outcome = command.run({"say", kText, "--format", format});
    EXPECT_TRUE(outcome.out.starts_with(magic)) << format << outcome.err;
  }
  EXPECT_EQ(command.run({"stats", "--json"}).json()["utterances_synthesized"], 1);
}

TEST(CliSay, WritesTimingsAsJsonOrWebVtt) {
  Command command;
  const auto said = command.run(
      {"say", "एक था राजा। उसकी तीन बेटियाँ थीं।", "--timings", command.path("t.json"), "--json"});
  const auto timings = nlohmann::json::parse(command.content("t.json"));
  EXPECT_EQ(timings["duration_ms"], said.json()["duration_ms"]);
  EXPECT_EQ(timings["utterances"].size(), said.json()["utterances"]);
  EXPECT_EQ(timings["words"].size(), 7U);
  command.run({"lookup", "एक था राजा। उसकी तीन बेटियाँ थीं।", "--timings", command.path("t.vtt")});
  EXPECT_THAT(command.content("t.vtt"), StartsWith("WEBVTT\n\n00:00:00.000 --> "));
}

TEST(CliSay, BadInputIsStatusTwoWithItsCode) {
  Command command;
  const auto code = [&](const std::vector<std::string>& line, const std::string& input = "") {
    const auto outcome = command.run(line, input);
    EXPECT_EQ(outcome.status, 2);
    return outcome.json()["error"]["code"].get<std::string>();
  };
  EXPECT_EQ(code({"say", "", "--json"}), "text_empty");
  EXPECT_EQ(code({"say", "-", "--json"}, std::string(5'001, 'a')), "text_too_long");
  EXPECT_EQ(code({"say", "-", "--json"}, std::string(1'000'000, 'a')), "text_too_long");
  EXPECT_EQ(code({"say", "-", "--json"}, "\xff"), "text_not_utf8");
  EXPECT_EQ(code({"say", "-", "--json"}, std::string("a\0b", 3)), "text_control");
  EXPECT_EQ(code({"say", "x", "--language", "hindi", "--json"}), "language_unknown");
  EXPECT_EQ(code({"say", "x", "--style", "angry", "--json"}), "voice_style_unknown");
  EXPECT_EQ(code({"say", "x", "--format", "ogg", "--json"}), "format_unknown");
}

TEST(CliSay, ARedisThatIsNoAddressIsRefused) {
  Command command;
  command.set("REDIS_URL=http://localhost:6379/0");
  const auto outcome = command.run({"say", kText, "--json"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.json()["error"]["code"], "config_invalid");
  EXPECT_THAT(outcome.err, HasSubstr("REDIS_URL"));
}

TEST(CliSay, ARedisThatIsNotThereCostsNothingButAWarning) {
  Command command;
  command.set("REDIS_URL=redis://127.0.0.1:1/0");
  EXPECT_EQ(command.run({"say", kText}).status, 0);
  EXPECT_EQ(command.run({"say", kText, "--json"}).json()["origin"], "lmdb");
  const auto status = command.run({"status", "--json"}).json();
  EXPECT_EQ(status["status"], "degraded");
  EXPECT_THAT(status["warnings"].dump(), HasSubstr("Redis"));
}

TEST(CliSay, AMissingProgramIsStatusFour) {
  Command command;
  command.set("BHASHATTS_ESPEAK_PROGRAM=/nowhere/espeak-ng");
  const auto outcome = command.run({"say", kText, "--json"});
  EXPECT_EQ(outcome.status, 4);
  EXPECT_EQ(outcome.json()["error"]["code"], "not_configured");
}

TEST(CliLookup, NeverSynthesises) {
  Command command;
  const auto before = command.run({"lookup", kText, "--json"});
  EXPECT_EQ(before.status, 3);
  EXPECT_EQ(before.json()["error"]["code"], "not_found");
  EXPECT_THAT(command.run({"lookup", kText}).out, IsEmpty());
  ASSERT_EQ(command.run({"say", kText, "--json"}).status, 0);
  EXPECT_EQ(command.run({"lookup", kText, "--json"}).json()["cached"], true);
}

TEST(CliReject, TheNextSayMakesTheNextTake) {
  Command command;
  EXPECT_EQ(command.run({"reject", kText}).status, 3);
  const auto first = command.run({"say", kText, "--json"}).json();
  const auto rejected = command.run({"reject", kText, "--json"}).json();
  EXPECT_EQ(rejected["next_take"], 1);
  const auto second = command.run({"say", kText, "--json"}).json();
  EXPECT_EQ(second["take"], 1);
  EXPECT_EQ(second["cached"], false);
  EXPECT_NE(second["cache_key"], first["cache_key"]);
}

}  // namespace
}  // namespace bhashatts
