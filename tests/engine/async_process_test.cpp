// Asynchronous calls and what surrounds a process: forks of it, and a disk that it may only read.
//
// The children are forked from a program full of threads on purpose: see fork_test.cpp for what
// sanitizers make of that.
#include <gtest/gtest.h>

#include <optional>
#include <stop_token>
#include <string>

#include "tests/engine/library.h"
#include "tests/engine/mount.h"
#include "tests/support/child.h"
#include "tests/support/heard.h"
#include "tests/support/raised.h"
#include "tests/support/sanitizers.h"

namespace bhashatts::testing {
namespace {

const std::string kOld = "पुराना पाठ";
const std::string kChilds = "बच्चे का पाठ";

std::string text_of(int number) { return "बड़ों का पाठ " + std::to_string(number); }

struct HeldLibrary : Library {
  TtsEngine open_held() const {
    CountedOptions options = counted();
    options.gate = gate();
    return open(config(), options);
  }
};

TEST(AsyncFork, TheChildNeverCallsWhatTheParentAskedFor) {
  if (!kAllocatorSurvivesFork) GTEST_SKIP() << "AddressSanitizer: see sanitizers.h";
  const HeldLibrary library;
  TtsEngine engine = library.open_held();
  std::stop_source stop;
  const HeardSpeech heard;
  for (int i = 0; i < 8; ++i) {
    engine.synthesize_async({.text = text_of(i), .stop = stop.get_token()}, heard.ear());
  }
  std::optional<SpeechStream> stream = engine.stream({.text = text_of(9)});
  const HeardUtterance piece;
  stream->next_async(piece.ear());
  library.counter().await(1);
  Child child([&] {
    stop.request_stop();
    const bool refused = code_of([&] { stream->next(); }) == ErrorCode::bad_request;
    stream.reset();
    library.open_gate();
    const HeardSpeech own;
    engine.synthesize_async({.text = kChilds}, own.ear());
    const bool spoke = own.await().speech && speaks(*own.await().speech, kChilds);
    engine.close();
    return refused && spoke && heard.times() + piece.times() == 0 ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(heard.await(8).speech);
  EXPECT_TRUE(piece.await().utterance);
}

TEST(AsyncFork, ManyChildrenOfABusyParentAllSpeak) {
  if (!kAllocatorSurvivesFork) GTEST_SKIP() << "AddressSanitizer: see sanitizers.h";
  const Library library;
  TtsEngine engine = library.open();
  const HeardSpeech heard;
  for (int i = 0; i < 20; ++i) {
    engine.synthesize_async({.text = text_of(i)}, heard.ear());
    Child child([&] {
      const HeardSpeech own;
      engine.synthesize_async({.text = kChilds + std::to_string(i)}, own.ear());
      return own.await().speech ? 0 : 1;
    });
    EXPECT_EQ(child.wait(), 0);
  }
  EXPECT_TRUE(heard.await(20).speech);
  for (const auto& [utterance, calls] : library.counter().by_utterance()) EXPECT_EQ(calls, 1);
}

// What is not in the tiers is decoded from the store, which is no work for the caller's thread.
TEST(AsyncReadOnlyDisk, ServesWhatIsThereAndMakesNothing) {
  if (!OwnMounts::why().empty()) GTEST_SKIP() << OwnMounts::why();
  const Library library;
  library.open().synthesize({.text = kOld});
  const Mount view = Mount::read_only(library.root(), library.scratch("view"));
  ASSERT_TRUE(view.is_there());
  Config config = library.config();
  config.data_dir = view.path().string();
  TtsEngine engine = library.open(config, library.counted());
  const HeardSpeech there, derived, none;
  engine.synthesize_async({.text = kOld}, there.ear());
  EXPECT_TRUE(there.await().speech);
  engine.synthesize_async({.text = kOld, .format = AudioFormat::flac}, derived.ear());
  EXPECT_TRUE(derived.await().speech);
  EXPECT_NE(derived.thread(), std::this_thread::get_id());
  engine.synthesize_async({.text = kChilds}, none.ear());
  EXPECT_EQ(none.await_code(), ErrorCode::storage_read_only);
}

}  // namespace
}  // namespace bhashatts::testing
