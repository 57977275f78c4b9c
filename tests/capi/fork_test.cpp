// Rule R10 over a fork: the child goes on with the handles that it inherited.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <thread>

#include "tests/capi/capi_fixture.h"
#include "tests/support/sanitizers.h"

namespace bhashatts::testing {
namespace {

// 0 where the child's check() is true.
int in_child(const std::function<bool()>& check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check() ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

class RuleR10Fork : public CApiTest {
 protected:
  void SetUp() override {
    if (!kAllocatorSurvivesFork) GTEST_SKIP() << "the sanitizer's allocator does not";
  }
};

TEST_F(RuleR10Fork, AChildUsesAndDestroysWhatItInherited) {
  OwnedEngine engine = open();
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  const std::string audio = audio_of(speech);
  EXPECT_EQ(in_child([&] {
              const bool same = audio_of(speech) == audio;
              OwnedSpeech own;
              const bool hit = say(engine, kText, own) == BHASHATTS_OK && info_of(own).cached == 1;
              const bool made = say(engine, kOther) == BHASHATTS_OK;
              set("max_attempts", "2");
              return same && hit && made && bhashatts_speech_destroy(speech.release()) == 0 &&
                     bhashatts_engine_destroy(engine.release()) == 0;
            }),
            0);
  EXPECT_EQ(audio_of(speech), audio) << "the parent's are as they were";
  EXPECT_EQ(say(engine, kOther), BHASHATTS_OK);
}

// On the parent's source wait threads that the child does not have, perhaps under a lock.
TEST_F(RuleR10Fork, AChildCancelsForItselfAlone) {
  const OwnedEngine engine = open();
  OwnedCancel cancel;
  ASSERT_EQ(bhashatts_cancel_create(cancel.out()), BHASHATTS_OK);
  std::atomic<bool> over{false};
  std::thread busy([&] {
    for (int i = 0; !over; ++i) {
      const std::string text = "संख्या " + std::to_string(i % 40);
      bhashatts_request request = request_for(text);
      request.cancel = cancel.get();
      OwnedSpeech speech;
      EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()), BHASHATTS_OK);
    }
  });
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(in_child([&] {
                ::alarm(10);
                bhashatts_request request = request_for(kOther);
                request.cancel = cancel.get();
                OwnedSpeech speech;
                return bhashatts_cancel_request(cancel.get()) == BHASHATTS_OK &&
                       bhashatts_engine_synthesize(engine.get(), &request, speech.out()) ==
                           BHASHATTS_CANCELLED;
              }),
              0);
  }
  over = true;
  busy.join();
}

TEST_F(RuleR10Fork, AChildCanOnlyDestroyAStream) {
  const OwnedEngine engine = open();
  const bhashatts_request request = request_for(kText);
  OwnedStream stream;
  ASSERT_EQ(bhashatts_engine_stream(engine.get(), &request, stream.out()), BHASHATTS_OK);
  EXPECT_EQ(in_child([&] {
              OwnedSpeech none;
              return bhashatts_stream_next(stream.get(), none.out(), nullptr) ==
                         BHASHATTS_BAD_REQUEST &&
                     bhashatts_stream_destroy(stream.release()) == BHASHATTS_OK;
            }),
            0);
  OwnedSpeech speech;
  EXPECT_EQ(bhashatts_stream_next(stream.get(), speech.out(), nullptr), BHASHATTS_OK);
}

// While other threads take handles and give them back, a child does both, and destroys an engine
// that threads of its parent were using.
TEST_F(RuleR10Fork, AChildOfABusyParentFindsNothingLocked) {
  OwnedEngine engine = open();
  ASSERT_EQ(say(engine, kText), BHASHATTS_OK);
  std::atomic<bool> over{false};
  std::vector<std::thread> busy;
  for (int i = 0; i < 3; ++i) {
    busy.emplace_back([&] {
      while (!over) say(engine, kText);
    });
  }
  for (int i = 0; i < 20; ++i) {
    const int status = in_child([&] {
      ::alarm(60);
      for (int n = 0; n < 100; ++n) {
        OwnedString text;
        if (bhashatts_spoken_text(c_text("राम"), text.out()) != BHASHATTS_OK) return false;
      }
      return say(engine, kText) == BHASHATTS_OK &&
             bhashatts_engine_destroy(engine.release()) == BHASHATTS_OK;
    });
    ASSERT_EQ(status, 0);
  }
  over = true;
  for (std::thread& one : busy) one.join();
}

}  // namespace
}  // namespace bhashatts::testing
