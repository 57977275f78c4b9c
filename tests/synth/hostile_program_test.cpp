// Programs in espeak-ng's place that fail in every way they can: each way has its error.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "synth/espeak.h"
#include "tests/support/leaks.h"
#include "tests/support/script.h"
#include "tests/synth/espeak_run.h"

namespace bhashatts::synth {
namespace {

using namespace std::chrono_literals;
using testing::failure_of;
using testing::LeavesNothingBehind;
using testing::Script;
using testing::speak;

std::string message_of(const Error& error) { return error.what(); }

// The error of a program that runs `body`.
Error error_of(const std::string& body, std::chrono::milliseconds time = 60s) {
  const LeavesNothingBehind guard;
  const Script script(body);
  SynthesisRequest request = speak("नमस्ते");
  request.deadline = std::chrono::steady_clock::now() + time;
  return failure_of(script.path(), request).value_or(Error(ErrorCode::ok, "it succeeded"));
}

TEST(HostileProgram, MissingNamesThePackage) {
  const auto error = failure_of("no-such-espeak", speak("नमस्ते"));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::not_configured);
  EXPECT_NE(message_of(*error).find("install the Debian package espeak-ng"), std::string::npos);
  const auto status = make_espeak({.program = "no-such-espeak"})->status();
  EXPECT_EQ(status.state, SynthesizerState::unavailable);
  EXPECT_NE(status.message.find("espeak-ng"), std::string::npos);
}

TEST(HostileProgram, InstalledLaterIsFound) {
  const testing::TempDir directory;
  const std::string path = directory / "espeak-ng";
  const auto espeak = make_espeak({.program = path});
  EXPECT_EQ(espeak->status().state, SynthesizerState::unavailable);
  std::filesystem::create_symlink("/usr/bin/espeak-ng", path);
  EXPECT_EQ(espeak->status().state, SynthesizerState::ready);
  EXPECT_GT(espeak->synthesize(speak("नमस्ते")).audio.size(), 44U);
}

TEST(HostileProgram, FailingIsReportedInItsOwnLastWords) {
  const Error error = error_of("echo first >&2; printf 'sec\\033[1mond \\t\\n\\n' >&2; exit 3");
  EXPECT_EQ(error.code(), ErrorCode::upstream_failed);
  EXPECT_EQ(message_of(error), "espeak-ng exited with 3: sec?[1mond");
  EXPECT_FALSE(error.retryable());
}

TEST(HostileProgram, CrashingIsReportedBySignal) {
  const Error error = error_of("kill -SEGV $$");
  EXPECT_EQ(error.code(), ErrorCode::upstream_failed);
  EXPECT_EQ(message_of(error), "espeak-ng was killed by signal 11");
  EXPECT_TRUE(error.retryable());
}

TEST(HostileProgram, SilentIsAnError) {
  EXPECT_EQ(error_of("cat > /dev/null").code(), ErrorCode::upstream_failed);
  EXPECT_EQ(message_of(error_of("exit 0")), "espeak-ng gave no audio");
  EXPECT_EQ(message_of(error_of("head -c 5000 /dev/zero")), "espeak-ng gave no audio");
}

TEST(HostileProgram, LackingVoiceDataNamesThePackage) {
  for (const std::string body :
       {"echo 'Error: The specified espeak-ng voice does not exist.' >&2; exit 1",
        "head -c 9000 /dev/zero; echo \"Can't read dictionary file: '/x/hi_dict'\" >&2"}) {
    const Error error = error_of(body);
    EXPECT_EQ(error.code(), ErrorCode::not_configured);
    EXPECT_NE(message_of(error).find("espeak-ng-data"), std::string::npos);
  }
}

TEST(HostileProgram, SlowIsATimeout) {
  for (const std::string body : {"sleep 1000", "trap '' TERM; sleep 1000; sleep 1000",
                                 "exec <&-; while :; do echo noise >&2; done"}) {
    const Error error = error_of(body, 300ms);
    EXPECT_EQ(error.code(), ErrorCode::upstream_timeout) << body;
    EXPECT_TRUE(error.retryable());
  }
}

TEST(HostileProgram, EndlessIsStopped) {
  const Error error = error_of("cat /dev/zero");
  EXPECT_EQ(error.code(), ErrorCode::upstream_failed);
  EXPECT_NE(message_of(error).find("more than an hour"), std::string::npos);
}

TEST(HostileProgram, IsStoppedWhenTheEngineCloses) {
  const LeavesNothingBehind guard;
  const Script script("sleep 1000");
  std::stop_source source;
  SynthesisRequest request = speak("नमस्ते");
  request.stop = source.get_token();
  const std::jthread closer([&] { source.request_stop(); });
  EXPECT_EQ(failure_of(script.path(), request)->code(), ErrorCode::cancelled);
}

// The real program with a part of its data taken away.
class MissingData : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib")) {
      const auto data = entry.path() / "espeak-ng-data";
      if (std::filesystem::exists(data)) found_ = data;
    }
    if (found_.empty()) GTEST_SKIP() << "espeak-ng-data is not below /usr/lib here";
    std::filesystem::copy(found_, directory_ / "espeak-ng-data",
                          std::filesystem::copy_options::recursive);
    ::setenv("ESPEAK_DATA_PATH", directory_.path().c_str(), 1);
  }
  void TearDown() override { ::unsetenv("ESPEAK_DATA_PATH"); }

  void remove(const std::string& name) {
    std::filesystem::remove(directory_ / ("espeak-ng-data/" + name));
  }

  testing::TempDir directory_;
  std::filesystem::path found_;
};

TEST_F(MissingData, IsNoticedWhereTheProgramDoesNotExitWithAnError) {
  remove("hi_dict");
  EXPECT_EQ(failure_of("espeak-ng", speak("नमस्ते"))->code(), ErrorCode::not_configured);
  EXPECT_FALSE(failure_of("espeak-ng", speak("வணக்கம்", "TAMIL")));
}

TEST_F(MissingData, IsNoticedForAVoice) {
  remove("lang/dra/ta");
  EXPECT_EQ(failure_of("espeak-ng", speak("வணக்கம்", "TAMIL"))->code(), ErrorCode::not_configured);
}

TEST_F(MissingData, IsNoticedForAllOfIt) {
  remove("phontab");
  EXPECT_EQ(failure_of("espeak-ng", speak("नमस्ते"))->code(), ErrorCode::not_configured);
}

}  // namespace
}  // namespace bhashatts::synth
