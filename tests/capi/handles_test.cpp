// Handles, ownership, views, threads: rules R4, R5, R6, R10.
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "tests/capi/capi_fixture.h"

namespace bhashatts::testing {
namespace {

using RuleR4Handles = CApiTest;
using RuleR5Ownership = CApiTest;
using RuleR6Views = CApiTest;
using RuleR10Threads = CApiTest;

TEST_F(RuleR4Handles, AStaleHandleIsAnError) {
  const OwnedEngine engine = open();
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  bhashatts_speech* stale = speech.get();
  speech.reset();
  bhashatts_speech_info info = BHASHATTS_SPEECH_INFO_INIT;
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(bhashatts_speech_get_info(stale, &info), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(bhashatts_speech_audio(stale, &data, &size), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(bhashatts_speech_destroy(stale), BHASHATTS_BAD_REQUEST) << "destroyed twice";
  // The next one has the same slot, and is not meant.
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_speech_destroy(stale), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(bhashatts_speech_audio(speech.get(), &data, &size), BHASHATTS_OK);
}

TEST_F(RuleR4Handles, OneOfAnotherTypeIsAnError) {
  const OwnedEngine engine = open();
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_engine_flush(as<bhashatts_engine>(speech.get())), BHASHATTS_BAD_REQUEST);
  EXPECT_NE(std::string(bhashatts_error_message()).find("a bhashatts_speech"), std::string::npos);
  EXPECT_EQ(bhashatts_engine_destroy(as<bhashatts_engine>(speech.get())), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(bhashatts_config_destroy(as<bhashatts_config>(engine.get())), BHASHATTS_BAD_REQUEST);
  bhashatts_request request = request_for(kText);
  request.cancel = as<bhashatts_cancel>(config.get());
  OwnedSpeech other;
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, other.out()),
            BHASHATTS_BAD_REQUEST);
}

TEST_F(RuleR4Handles, AddressesAndMadeUpNumbersAreErrors) {
  int local = 0;
  const std::uintptr_t kind = reinterpret_cast<std::uintptr_t>(config.get()) >> 56U << 56U;
  for (const std::uintptr_t number :
       {reinterpret_cast<std::uintptr_t>(&local), std::uintptr_t{1}, ~std::uintptr_t{0}, kind,
        kind | 0xFFFFFF, kind | 1U << 24U | 0x3FFFFF,
        reinterpret_cast<std::uintptr_t>(config.get()) + 1,
        reinterpret_cast<std::uintptr_t>(config.get()) + (1U << 24U)}) {
    auto* handle = reinterpret_cast<bhashatts_config*>(number);
    EXPECT_EQ(bhashatts_config_destroy(handle), BHASHATTS_BAD_REQUEST) << std::hex << number;
  }
}

TEST_F(RuleR4Handles, DestroyingNullSucceeds) {
  EXPECT_EQ(bhashatts_config_destroy(nullptr), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_engine_destroy(nullptr), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_speech_destroy(nullptr), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_stream_destroy(nullptr), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_timings_destroy(nullptr), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_string_destroy(nullptr), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_cancel_destroy(nullptr), BHASHATTS_OK);
}

TEST_F(RuleR4Handles, ThousandsOfThemAreAllDifferent) {
  std::set<bhashatts_string*> handles;
  std::vector<OwnedString> all(5'000);
  for (OwnedString& one : all) {
    ASSERT_EQ(bhashatts_spoken_text(c_text("राम"), one.out()), BHASHATTS_OK);
    handles.insert(one.get());
  }
  EXPECT_EQ(handles.size(), all.size());
  for (const OwnedString& one : all) ASSERT_EQ(text_of(one), "राम");
  all.clear();
  OwnedString after;
  ASSERT_EQ(bhashatts_spoken_text(c_text("राम"), after.out()), BHASHATTS_OK);
  EXPECT_FALSE(handles.contains(after.get())) << "a slot again, another generation";
}

TEST_F(RuleR4Handles, AClosedEngineSaysSo) {
  const OwnedEngine engine = open();
  ASSERT_EQ(bhashatts_engine_close(engine.get(), 0), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_engine_close(engine.get(), -1), BHASHATTS_OK) << "may be called again";
  EXPECT_EQ(say(engine, kText), BHASHATTS_CLOSED);
  EXPECT_EQ(bhashatts_engine_flush(engine.get()), BHASHATTS_CLOSED);
  OwnedString json;
  EXPECT_EQ(bhashatts_engine_stats(engine.get(), json.out()), BHASHATTS_CLOSED);
  EXPECT_EQ(bhashatts_engine_config(engine.get(), json.out()), BHASHATTS_OK);
}

TEST_F(RuleR5Ownership, ASpeechOutlivesItsEngine) {
  OwnedEngine engine = open();
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  const std::string before = audio_of(speech);
  engine.reset();
  EXPECT_EQ(audio_of(speech), before);
  EXPECT_EQ(view(info_of(speech).synthesizer), voice.name);
}

TEST_F(RuleR5Ownership, AStreamThatOutlivesItsEngineFindsItClosed) {
  OwnedEngine engine = open();
  const bhashatts_request request = request_for(kText);
  OwnedStream stream;
  ASSERT_EQ(bhashatts_engine_stream(engine.get(), &request, stream.out()), BHASHATTS_OK);
  engine.reset();
  OwnedSpeech speech;
  EXPECT_EQ(bhashatts_stream_next(stream.get(), speech.out(), nullptr), BHASHATTS_CLOSED);
  EXPECT_EQ(voice.destroyed, 0) << "the stream still holds what it came from";
  stream.reset();
  EXPECT_EQ(voice.destroyed, 1);
}

TEST_F(RuleR5Ownership, ADestroyedCancelDoesNotHurtCallsThatHaveIt) {
  OwnedEngine engine = open();
  OwnedCancel cancel;
  ASSERT_EQ(bhashatts_cancel_create(cancel.out()), BHASHATTS_OK);
  voice.synthesize = [&](const bhashatts_synthesis_request* request, bhashatts_reply* reply) {
    cancel.reset();
    return HostVoice::speak(request, reply);
  };
  bhashatts_request request = request_for(kOther);
  request.cancel = cancel.get();
  OwnedSpeech speech;
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()), BHASHATTS_OK);
  request.text = c_text(kText);
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()),
            BHASHATTS_BAD_REQUEST);
}

TEST_F(RuleR6Views, StayUntilTheirHandleGoes) {
  const OwnedEngine engine = open();
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  const bhashatts_speech_info info = info_of(speech);
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  ASSERT_EQ(bhashatts_speech_audio(speech.get(), &data, &size), BHASHATTS_OK);
  const std::string audio(reinterpret_cast<const char*>(data), size);
  ASSERT_EQ(bhashatts_engine_clear(engine.get(), nullptr, nullptr), BHASHATTS_OK);
  ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
  EXPECT_EQ(view(info.voice_style), "storyteller");
  EXPECT_EQ(audio, std::string(reinterpret_cast<const char*>(data), size));
}

TEST_F(RuleR6Views, NothingIsKeptOfWhatIsPassedIn) {
  const OwnedEngine engine = open();
  auto text = std::make_unique<std::string>(kText);
  OwnedStream stream;
  {
    const bhashatts_request request = request_for(*text);
    ASSERT_EQ(bhashatts_engine_stream(engine.get(), &request, stream.out()), BHASHATTS_OK);
  }
  text->assign(text->size(), '#');
  text.reset();
  OwnedSpeech speech;
  EXPECT_EQ(bhashatts_stream_next(stream.get(), speech.out(), nullptr), BHASHATTS_OK);
  EXPECT_EQ(origin_of(engine, kText) == 0, false);
}

// Looks and destroys meet at the same handles; each call must find a whole speech or none.
TEST_F(RuleR10Threads, LooksAndDestroysOfTheSameHandlesMeet) {
  const OwnedEngine engine = open();
  ASSERT_EQ(say(engine, kText), BHASHATTS_OK);
  std::atomic<bhashatts_speech*> shared{nullptr};
  std::atomic<bool> over{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> lookers;
  for (int i = 0; i < 3; ++i) {
    lookers.emplace_back([&, i] {
      while (!over) {
        bhashatts_speech* speech = shared;
        bhashatts_speech_info info = BHASHATTS_SPEECH_INFO_INIT;
        const std::uint8_t* data = nullptr;
        std::size_t size = 0;
        if (bhashatts_speech_get_info(speech, &info) == 0 && info.sample_rate != 8'000) ++wrong;
        if (bhashatts_speech_audio(speech, &data, &size) == 0 && (!data || size < 44)) ++wrong;
        if (i == 2) bhashatts_speech_destroy(speech);
      }
    });
  }
  for (int i = 0; i < 2'000; ++i) {
    OwnedSpeech speech;
    if (say(engine, kText, speech) != BHASHATTS_OK) ++wrong;
    shared = speech.release();
    bhashatts_speech_destroy(shared);
  }
  over = true;
  for (std::thread& one : lookers) one.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(RuleR10Threads, EightSpeakTheSameTextAndOneVoiceIsAsked) {
  const OwnedEngine engine = open();
  std::atomic<int> wrong{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      for (int page = 0; page < 25; ++page) {
        const std::string text = "पन्ना " + std::to_string(page);
        if (say(engine, text) != BHASHATTS_OK) ++wrong;
      }
    });
  }
  for (std::thread& one : callers) one.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(voice.calls, 25);
}

TEST_F(RuleR10Threads, DestroyWaitsForCallsUnderWay) {
  std::atomic<bool> begun{false};
  std::atomic<bool> ended{false};
  voice.synthesize = [&](const bhashatts_synthesis_request* request, bhashatts_reply* reply) {
    begun = true;
    begun.notify_all();
    while (bhashatts_stop_requested(request->stop) == 0) std::this_thread::yield();
    return HostVoice::speak(request, reply);
  };
  set("drain_timeout_ms", "0");
  OwnedEngine engine = open();
  std::thread caller([&] {
    const bhashatts_status status = say(engine, kText);
    EXPECT_TRUE(status == BHASHATTS_CLOSED || status == BHASHATTS_OK) << status;
    ended = true;
  });
  begun.wait(false);
  EXPECT_EQ(bhashatts_engine_destroy(engine.get()), BHASHATTS_OK);
  EXPECT_EQ(voice.destroyed, 1);
  caller.join();
  EXPECT_EQ(bhashatts_engine_destroy(engine.release()), BHASHATTS_BAD_REQUEST);
}

// While the voice is held, whoever came first waits, and the other is refused.
TEST_F(RuleR10Threads, AStreamBelongsToOneAtATime) {
  std::atomic<bool> released{false};
  std::atomic<bool> refused{false};
  voice.synthesize = [&](const bhashatts_synthesis_request* request, bhashatts_reply* reply) {
    released.wait(false);
    return HostVoice::speak(request, reply);
  };
  const OwnedEngine engine = open();
  const bhashatts_request request = request_for(kText);
  OwnedStream stream;
  ASSERT_EQ(bhashatts_engine_stream(engine.get(), &request, stream.out()), BHASHATTS_OK);
  std::atomic<int> heard{0};
  const auto listen = [&] {
    OwnedSpeech speech;
    if (bhashatts_stream_next(stream.get(), speech.out(), nullptr) == BHASHATTS_OK) {
      ++heard;
    } else {
      EXPECT_EQ(bhashatts_error_status(), BHASHATTS_BAD_REQUEST);
      refused = true;
      refused.notify_all();
    }
  };
  std::thread one(listen);
  std::thread other(listen);
  refused.wait(false);
  released = true;
  released.notify_all();
  one.join();
  other.join();
  EXPECT_EQ(heard, 1);
}

TEST_F(RuleR10Threads, SettingsMayBeReadWhileTheyChange) {
  std::thread writer([&] {
    for (int i = 1; i <= 200; ++i) set("max_attempts", std::to_string(1 + i % 5));
  });
  for (int i = 0; i < 200; ++i) {
    OwnedString json;
    EXPECT_EQ(bhashatts_config_json(config.get(), json.out()), BHASHATTS_OK);
  }
  writer.join();
  OwnedString json;
  ASSERT_EQ(bhashatts_config_json(config.get(), json.out()), BHASHATTS_OK);
  EXPECT_NE(text_of(json).find("\"max_attempts\":1"), std::string::npos) << text_of(json);
}

}  // namespace
}  // namespace bhashatts::testing
