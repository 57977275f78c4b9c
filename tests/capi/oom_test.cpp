// Memory at its end: rule R2 and R3. A program of its own, because it replaces operator new: the
// library's allocations are then this file's, and the n-th of a call fails.
#include <cstdlib>
#include <new>

#include "tests/capi/capi_fixture.h"

namespace {

constexpr int kNever = 1 << 30;
thread_local int left = kNever;  // allocations of this thread that still succeed

void* allocate(std::size_t size) {
  if (left <= 0) throw std::bad_alloc();
  if (left != kNever) --left;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace bhashatts::testing {
namespace {

// Runs `call` with no allocation, with one, with two, ... until it succeeds. Each time it must say
// that it is out of memory.
template <typename Call>
int calls_until_success(const Call& call) {
  for (int allowed = 0; allowed < 3'000; ++allowed) {
    left = allowed;
    const bhashatts_status status = call();
    const bhashatts_status kept = bhashatts_error_status();
    const char* message = bhashatts_error_message();
    left = kNever;
    if (status == BHASHATTS_OK) return allowed;
    EXPECT_EQ(bhashatts_status_name(status), std::string("out_of_memory")) << allowed << message;
    EXPECT_EQ(kept, status);
    EXPECT_STRNE(message, "");
  }
  ADD_FAILURE() << "never succeeded";
  return -1;
}

using RuleR2OutOfMemory = CApiTest;

TEST_F(RuleR2OutOfMemory, AMessageIsKeptWithoutAnAllocation) {
  left = 0;
  bhashatts_config* none = nullptr;
  const bhashatts_status status = bhashatts_config_create(&none);
  const std::size_t length = std::char_traits<char>::length(bhashatts_error_message());
  left = kNever;
  EXPECT_EQ(status, BHASHATTS_OUT_OF_MEMORY);
  EXPECT_EQ(none, nullptr);
  EXPECT_GT(length, 0U);
  EXPECT_STREQ(bhashatts_error_message(), "out of memory");
}

TEST_F(RuleR2OutOfMemory, EveryAllocationOfACallMayFail) {
  const OwnedEngine engine = open();
  ASSERT_EQ(say(engine, kText), BHASHATTS_OK);
  OwnedString json;
  OwnedConfig other;
  OwnedSpeech speech;
  EXPECT_GT(calls_until_success([&] { return bhashatts_config_create(other.out()); }), 0);
  EXPECT_GT(calls_until_success([&] { return bhashatts_config_json(other.get(), json.out()); }), 0);
  EXPECT_GT(calls_until_success([&] {
              return bhashatts_config_set(other.get(), c_text("data_dir"),
                                          c_text("/a/directory/with/a/name/of/some/length"));
            }),
            0);
  EXPECT_GT(calls_until_success([&] { return bhashatts_spoken_text(c_text(kText), json.out()); }),
            0);
  EXPECT_GT(calls_until_success([&] { return bhashatts_voices({nullptr, 0}, json.out()); }), 0);
  const bhashatts_request request = request_for(kText);
  OwnedTimings timings;
  EXPECT_GE(calls_until_success(
                [&] { return bhashatts_engine_lookup(engine.get(), &request, speech.out()); }),
            0);
  EXPECT_GT(calls_until_success([&] {
              return bhashatts_engine_timings(engine.get(), &request, speech.get(), timings.out());
            }),
            0);
}

TEST_F(RuleR2OutOfMemory, AHitThatCannotBeGivenOutCanBeAskedForAgain) {
  const OwnedEngine engine = open();
  ASSERT_EQ(say(engine, kText), BHASHATTS_OK);
  const bhashatts_request request = request_for(kText);
  OwnedSpeech speech;
  calls_until_success(
      [&] { return bhashatts_engine_synthesize(engine.get(), &request, speech.out()); });
  EXPECT_EQ(info_of(speech).origin, BHASHATTS_FROM_MEMORY);
  EXPECT_EQ(voice.calls, 2) << "one an utterance, ever";
}

TEST_F(RuleR2OutOfMemory, AnEngineGoesWithoutAnAllocation) {
  int gone = 0;
  for (const int allowed : {0, 1, 2, 3, 5, 8, 13}) {
    OwnedEngine engine = open();
    ASSERT_EQ(say(engine, kText), BHASHATTS_OK);
    bhashatts_engine* last = engine.release();
    left = allowed;
    const bhashatts_status status = bhashatts_engine_destroy(last);
    left = kNever;
    EXPECT_EQ(status, BHASHATTS_OK) << allowed;
    EXPECT_EQ(voice.destroyed, ++gone) << allowed;
  }
}

// Also where there is memory for the context and none for what writes to it.
TEST_F(RuleR2OutOfMemory, SettingALogGivesItsContextBackOnce) {
  const auto ignore = [](void*, bhashatts_log_level, bhashatts_text, bhashatts_text) {};
  const auto destroy = [](void* count) { ++*static_cast<int*>(count); };
  bhashatts_status status = BHASHATTS_OUT_OF_MEMORY;
  for (int allowed = 0; allowed < 20 && status != BHASHATTS_OK; ++allowed) {
    int given_back = 0;
    left = allowed;
    status = bhashatts_set_log(ignore, BHASHATTS_LOG_ERROR, &given_back, destroy);
    left = kNever;
    EXPECT_EQ(given_back, status == BHASHATTS_OK ? 0 : 1) << allowed;
    EXPECT_EQ(bhashatts_set_log(ignore, BHASHATTS_LOG_ERROR, nullptr, nullptr), BHASHATTS_OK);
    EXPECT_EQ(given_back, 1) << allowed;
  }
  EXPECT_EQ(status, BHASHATTS_OK);
}

// A context is given back also where there is no memory to take it.
TEST_F(RuleR2OutOfMemory, OpeningGivesContextsBack) {
  const bhashatts_open_options given = options();
  int failed = 0;
  for (const int allowed : {0, 1, 2, 3, 5, 8, 13}) {
    bhashatts_engine* engine = nullptr;
    left = allowed;
    const bhashatts_status status = bhashatts_engine_open(&given, &engine);
    left = kNever;
    EXPECT_EQ(status, BHASHATTS_OUT_OF_MEMORY) << allowed;
    EXPECT_EQ(voice.destroyed, ++failed) << allowed;
  }
}

}  // namespace
}  // namespace bhashatts::testing
