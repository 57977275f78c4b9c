#include "synth/process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <thread>

#include "bhashatts/error.h"
#include "tests/support/leaks.h"
#include "tests/support/script.h"

namespace bhashatts::synth {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::LeavesNothingBehind;
using testing::Script;

constexpr auto kLong = 60s;  // never reached by a run that does what it should

ProcessRequest request_for(const Script& script, std::string_view input = {}) {
  ProcessRequest request;
  request.command.program = script.path();
  request.command.environment = {"PATH=/usr/bin:/bin"};
  request.input = input;
  request.max_output_bytes = 1U << 24U;
  request.deadline = steady_clock::now() + kLong;
  return request;
}

ProcessResult run(const std::string& body, std::string_view input = {}) {
  const LeavesNothingBehind guard;
  const Script script(body);
  return run_process(request_for(script, input));
}

// Runs with a deadline that a program which must be killed always meets.
ProcessResult run_out_of_time(const std::string& body, std::string_view input = {}) {
  const LeavesNothingBehind guard;
  const Script script(body);
  ProcessRequest request = request_for(script, input);
  request.deadline = steady_clock::now() + 300ms;
  return run_process(request);
}

TEST(Process, PassesBytesThrough) {
  std::string input;
  for (int i = 0; i < 3'000'000; ++i) input += static_cast<char>(i * 7 >> (i & 7));
  const ProcessResult result = run("cat", input);
  EXPECT_EQ(result.end, ProcessEnd::exited);
  EXPECT_TRUE(result.output == input);
  EXPECT_EQ(result.error_output, "");
  ASSERT_TRUE(result.status);
  EXPECT_EQ(result.status->exit_code, 0);
}

TEST(Process, GivesArgumentsAndEnvironmentAsTheyAre) {
  const Script script("printf '%s|' \"$@\"; printf '%s' \"$GREETING\"; env | grep -c TOKEN");
  ProcessRequest request = request_for(script);
  request.command.arguments = {"-v", "a b", "$(id)", "'\"", ""};
  request.command.environment.emplace_back("GREETING=नमस्ते *");
  ::setenv("SOME_TOKEN", "secret", 1);
  EXPECT_EQ(run_process(request).output, "-v|a b|$(id)|'\"||नमस्ते *0\n");
  ::unsetenv("SOME_TOKEN");
}

TEST(Process, TellsHowTheProgramEnded) {
  EXPECT_EQ(run("exit 7").status->exit_code, 7);
  EXPECT_EQ(run("kill -SEGV $$").status->signal, SIGSEGV);
  EXPECT_EQ(run("echo whole; exit 3").output, "whole\n");
}

TEST(Process, KeepsTheEndOfWhatIsSaidOnStandardError) {
  const ProcessResult result =
      run("i=0; while [ $i -lt 9000 ]; do echo line $i >&2; "
          "i=$((i+1)); done; echo done");
  EXPECT_EQ(result.output, "done\n");
  EXPECT_LE(result.error_output.size(), 4'096U);
  EXPECT_TRUE(result.error_output.ends_with("line 8999\n"));
}

TEST(Process, DoesNotMindAProgramThatReadsNothing) {
  const std::string input(5'000'000, 'x');
  EXPECT_EQ(run("exec <&-; echo closed", input).output, "closed\n");
  EXPECT_EQ(run("echo no", input).output, "no\n");
  EXPECT_EQ(run("head -c 3", input).output, "xxx");
}

TEST(Process, IsNotHeldUpByAGrandchildThatKeepsThePipeOpen) {
  const ProcessResult result = run("sleep 1000 & echo mine");
  EXPECT_EQ(result.end, ProcessEnd::exited);
  EXPECT_EQ(result.output, "mine\n");
}

TEST(Process, KillsGrandchildrenToo) {
  const Script script("sleep 1000 & echo $!; wait");
  ProcessRequest request = request_for(script);
  request.deadline = steady_clock::now() + 300ms;
  const ProcessResult result = run_process(request);
  EXPECT_EQ(result.end, ProcessEnd::timed_out);
  const pid_t grandchild = std::stoi(result.output);
  // It is init's to reap; until then it is a zombie.
  for (int i = 0; i < 1'000 && ::kill(grandchild, 0) == 0; ++i) {
    std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
    std::string pid;
    std::string name;
    std::string state;
    if (stat >> pid >> name >> state && state == "Z") return;
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_NE(::kill(grandchild, 0), 0);
}

TEST(Process, HoldsItsDeadlineWhateverTheProgramDoes) {
  for (const std::string body : {
           "sleep 1000",
           "trap '' TERM INT HUP; while :; do sleep 1; done",
           "exec >&- 2>&-; sleep 1000",
           "(trap '' TERM; sleep 1000) & sleep 1000",
           "while :; do echo chatter >&2; done",
           "exec <&- >&- 2>&-; sleep 1000",
       }) {
    EXPECT_EQ(run_out_of_time(body, "some text").end, ProcessEnd::timed_out) << body;
  }
}

TEST(Process, HoldsItsDeadlineWhileInputIsNotRead) {
  EXPECT_EQ(run_out_of_time("sleep 1000", std::string(5'000'000, 'x')).end, ProcessEnd::timed_out);
}

TEST(Process, StartsNothingOnceTimeIsUp) {
  const Script script("touch \"$0.ran\"");
  ProcessRequest request = request_for(script);
  request.deadline = steady_clock::now() - 1ms;
  EXPECT_EQ(run_process(request).end, ProcessEnd::timed_out);
  EXPECT_FALSE(std::filesystem::exists(script.path() + ".ran"));
}

TEST(Process, StopsWhenAsked) {
  const LeavesNothingBehind guard;
  const Script script("echo started; sleep 1000");
  std::stop_source source;
  ProcessRequest request = request_for(script);
  request.stop = source.get_token();
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(50ms);
    source.request_stop();
  });
  EXPECT_EQ(run_process(request).end, ProcessEnd::stopped);
  EXPECT_EQ(run_process(request).end, ProcessEnd::stopped);  // and does not begin again
}

TEST(Process, BoundsWhatItTakes) {
  const LeavesNothingBehind guard;
  const Script script("cat /dev/zero");
  ProcessRequest request = request_for(script);
  request.max_output_bytes = 100'000;
  const ProcessResult result = run_process(request);
  EXPECT_EQ(result.end, ProcessEnd::output_too_long);
  EXPECT_EQ(result.output.size(), 100'001U);
}

TEST(Process, TakesExactlyWhatIsAllowed) {
  const Script script("head -c 100000 /dev/zero");
  ProcessRequest request = request_for(script);
  request.max_output_bytes = 100'000;
  EXPECT_EQ(run_process(request).end, ProcessEnd::exited);
  EXPECT_EQ(run_process(request).output.size(), 100'000U);
}

TEST(Process, SaysWhatCannotBeRun) {
  const LeavesNothingBehind guard;
  const Script script("");
  std::filesystem::permissions(script.path(), std::filesystem::perms::owner_read);
  for (const std::string& program :
       {script.path(), std::string("/nonexistent/program"), std::string("/tmp")}) {
    ProcessRequest request = request_for(script);
    request.command.program = program;
    try {
      run_process(request);
      ADD_FAILURE() << program;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::not_configured);
      EXPECT_FALSE(error.retryable());
    }
  }
}

TEST(Process, RunsManyAtOnce) {
  const LeavesNothingBehind guard;
  const Script script("cat");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&script, i] {
      const std::string input(200'000, static_cast<char>('a' + i));
      for (int round = 0; round < 5; ++round) {
        EXPECT_TRUE(run_process(request_for(script, input)).output == input);
      }
    });
  }
}

// Puts a signal's disposition back.
class Disposition {
 public:
  Disposition(int signal, sighandler_t handler)
      : signal_(signal), before_(::signal(signal, handler)) {}
  ~Disposition() { ::signal(signal_, before_); }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;

 private:
  int signal_;
  sighandler_t before_;
};

TEST(Process, WorksInAHostThatIgnoresSigchld) {
  const Disposition ignored(SIGCHLD, SIG_IGN);
  const ProcessResult result = run("cat; exit 5", "text");
  EXPECT_EQ(result.end, ProcessEnd::exited);
  EXPECT_EQ(result.output, "text");
  EXPECT_FALSE(result.status);
  EXPECT_EQ(run_out_of_time("sleep 1000").end, ProcessEnd::timed_out);
}

TEST(Process, GivesTheProgramDefaultSignals) {
  const Disposition ignored(SIGTERM, SIG_IGN);
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const ProcessResult result = run("kill -TERM $$; echo survived");
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(result.status->signal, SIGTERM);
}

TEST(Process, GivesTheProgramNoDescriptorOfTheHost) {
  const UniqueFd inherited(::dup(STDERR_FILENO));  // without close-on-exec
  const ProcessResult result = run("ls /proc/self/fd | tr '\\n' ' '");
  EXPECT_TRUE(result.output == "0 1 2 3 " || result.output == "0 1 2 ") << result.output;
}

TEST(Process, WorksInAHostWithoutStandardStreams) {
  const Script script("cat; echo complaint >&2");
  ASSERT_EXIT(
      {
        const ProcessRequest request = request_for(script, "through");
        ::close(0);
        ::close(1);
        ::close(2);
        const ProcessResult result = run_process(request);
        ::_exit(result.output == "through" && result.error_output == "complaint\n" ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace bhashatts::synth
