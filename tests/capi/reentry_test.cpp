// Callbacks that call the engine again: rule R12. Each call must return; that it does not wait for
// itself is what is tested, so a failure is this program's time limit.
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "tests/capi/capi_fixture.h"

namespace bhashatts::testing {
namespace {

// What may be asked of an engine from anywhere. (Asking for new speech may mean to wait for a
// worker that this callback keeps; the caller's timeout ends that.)
std::vector<bhashatts_status> ask_everything(bhashatts_engine* engine) {
  OwnedString text;
  OwnedSpeech speech;
  bhashatts_request request = BHASHATTS_REQUEST_INIT;
  request.text = c_text(kText);
  return {bhashatts_engine_flush(engine),
          bhashatts_engine_stats(engine, text.out()),
          bhashatts_engine_status(engine, text.out()),
          bhashatts_engine_story_page_url(engine, c_text("moon"), 1, {nullptr, 0}, text.out()),
          bhashatts_engine_verify(engine, 0, text.out()),
          bhashatts_engine_forget_user(engine, c_text("nobody"), nullptr),
          bhashatts_engine_lookup(engine, &request, speech.out()),
          bhashatts_engine_clear(engine, nullptr, nullptr)};
}

class RuleR12Reentry : public CApiTest {
 protected:
  void open_asked(const bhashatts_open_options& given) {
    engine = open(given);
    asked_engine = engine.get();
  }
  // Asks everything once, from whichever callback comes first, on whatever thread.
  bhashatts_status ask_once() {
    bhashatts_engine* const wanted = asked_engine;
    if (wanted == nullptr || asked.exchange(true)) return BHASHATTS_OK;
    answers.set_value(ask_everything(wanted));
    return BHASHATTS_OK;
  }
  void speak_a_page() {
    bhashatts_request request = request_for(kText);
    request.story_id = c_text("moon");
    request.page_number = 1;
    OwnedSpeech speech;
    ASSERT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()), BHASHATTS_OK)
        << bhashatts_error_message();
  }
  void expect_answers() {
    auto all = answers.get_future();
    ASSERT_EQ(all.wait_for(std::chrono::seconds(60)), std::future_status::ready);
    for (const bhashatts_status answer : all.get()) {
      EXPECT_TRUE(answer == BHASHATTS_OK || answer == BHASHATTS_NOT_FOUND) << answer;
    }
  }

  OwnedEngine engine;
  std::atomic<bhashatts_engine*> asked_engine{nullptr};
  std::atomic<bool> asked{false};
  std::promise<std::vector<bhashatts_status>> answers;
};

TEST_F(RuleR12Reentry, AnObserverMayAskTheEngineEverything) {
  HostSink sink;
  sink.trouble = [&] { return ask_once(); };
  const bhashatts_event_sink part = sink.part();
  const bhashatts_event_sink* sinks = &part;
  bhashatts_open_options given = options();
  given.event_sinks = &sinks;
  given.event_sink_count = 1;
  open_asked(given);
  speak_a_page();
  EXPECT_EQ(bhashatts_engine_flush(engine.get()), BHASHATTS_OK);
  expect_answers();
  engine.reset();
}

TEST_F(RuleR12Reentry, AVoiceMayAskHowTheEngineStandsWhenItIsAskedHowItStands) {
  voice.status = [&](bhashatts_reply*) -> bhashatts_synthesizer_state {
    ask_once();
    return BHASHATTS_SYNTHESIZER_READY;
  };
  open_asked(options());
  speak_a_page();
  OwnedString json;
  EXPECT_EQ(bhashatts_engine_status(engine.get(), json.out()), BHASHATTS_OK);
  EXPECT_NE(text_of(json).find("\"status\":\"ready\""), std::string::npos) << text_of(json);
  expect_answers();
}

TEST_F(RuleR12Reentry, AStoreMayAskTheEngineEverything) {
  HostStore store;
  store.trouble = [&] { return ask_once(); };
  const bhashatts_blob_store part = store.part();
  bhashatts_open_options given = options();
  given.blob_store = &part;
  open_asked(given);
  speak_a_page();
  expect_answers();
  engine.reset();
}

// The thread that lets go may hold locks of the engine's.
TEST_F(RuleR12Reentry, ReleasingBytesMayNotAskTheEngineAnything) {
  static std::atomic<bhashatts_engine*> in_use{nullptr};
  static std::atomic<bhashatts_status> answer{-1};
  voice.synthesize = [](const bhashatts_synthesis_request* request, bhashatts_reply* reply) {
    auto wav = std::make_unique<std::string>(fake_wav(view(request->text)));
    const std::string& bytes = *wav;
    const auto release = [](void* owned) {
      delete static_cast<std::string*>(owned);
      answer = bhashatts_engine_flush(in_use);
    };
    return bhashatts_reply_owned_bytes(reply, bytes.data(), bytes.size(), release, wav.release());
  };
  engine = open();
  in_use = engine.get();
  ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_engine_flush(engine.get()), BHASHATTS_OK);
  EXPECT_EQ(answer, BHASHATTS_BAD_REQUEST);
}

}  // namespace
}  // namespace bhashatts::testing
